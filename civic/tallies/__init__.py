"""Tally (集計): a pure function of a ballot's manifest and its vote log, frozen with the hash of its inputs."""
