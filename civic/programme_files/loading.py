"""A checked programme file into the database: everything or nothing, and the same file again changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shapely import to_wkb
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.actions import PlannedBallot, remove_unopened, save_ballot
from civic.ballots.queries import ballots_live_on
from civic.kernel.clock import iso
from civic.kernel.errors import Conflict
from civic.kernel.queue import defer
from civic.kernel.storage import FileStore
from civic.programme_files.checking import Checked
from civic.programme_files.earlier import registered_beside
from civic.programme_files.format import BallotPart, ProposalPart, SitePart, WorkshopPart
from civic.programme_files.placing import Reports
from civic.programmes.actions import save_programme, save_site_use, save_stages
from civic.programmes.queries import programmes_using
from civic.proposals.actions import CHECK, PlannedPlacement, PlannedVersion, remove_proposals, save_proposal
from civic.proposals.queries import latest_version, placements_of
from civic.sites.actions import save_site
from civic.sites.queries import site_by_slug
from civic.workshops.actions import PlannedWorkshop, remove_absent, save_workshops
from civic.workshops.queries import group_slugs
from geodata.layers import stored_layer

NO_SHIFT = timedelta(0)


@dataclass(frozen=True)
class Loaded:
    """What a load did, for the person who typed it."""

    programme: str
    sites: int
    proposals: int
    new_versions: int
    ballots: int


@dataclass
class Loader:
    """Writes one checked file with the reports of its placements (``Placing``).

    ``shift`` moves every time by one constant (the demo's present).
    """

    session: AsyncSession
    actor: str
    checked: Checked
    reports: Reports
    store: FileStore
    now: datetime
    shift: timedelta = NO_SHIFT

    async def load(self) -> Loaded:
        """Write it. Conflict when it would change a ballot that has opened, or take away what it needs."""
        content = self.checked.content
        registered = await self._registered()
        programme_id = await self._programme()
        sites = {site.slug: await self._site(site) for site in content.sites}
        await save_site_use(self.session, programme_id, list(sites.values()))
        workshops = [_workshop(part) for part in content.workshops]
        groups = await save_workshops(self.session, programme_id, workshops)
        proposals: dict[str, int] = {}
        new_versions = 0
        for position, part in enumerate(content.proposals):
            planned = self._version(part, position, sites, groups)
            proposal, new = await save_proposal(self.session, programme_id, planned, self.now)
            proposals[part.slug] = proposal.id or 0
            new_versions += new
        await remove_unopened(self.session, programme_id, [ballot.slug for ballot in content.ballots])
        for position, ballot in enumerate(content.ballots):
            await save_ballot(self.session, programme_id, self._ballot(ballot, position, proposals))
        await remove_proposals(self.session, programme_id, [*proposals, *registered])
        if registered:
            defer(self.session, CHECK, {"programme": programme_id}, self.now)
        await remove_absent(self.session, programme_id, workshops)
        slug = content.programme.slug
        loaded = Loaded(slug, len(sites), len(proposals), new_versions, len(content.ballots))
        record(self.session, self.actor, "programme.loaded", slug, self.now, **vars(loaded))
        return loaded

    async def _registered(self) -> list[str]:
        """What was registered on a page and stays. Conflict when the file takes its group or site away."""
        content = self.checked.content
        registered = await registered_beside(self.session, self.checked, self.store)
        kept_groups = {group.slug for workshop in content.workshops for group in workshop.groups}
        kept_sites = {site.slug for site in content.sites}
        for proposal in registered:
            groups = await group_slugs(self.session, proposal.programme_id)
            version = await latest_version(self.session, proposal.id)
            places = {site.slug for _, site in await placements_of(self.session, version.id)}
            homeless = proposal.group_id is not None and groups[proposal.group_id] not in kept_groups
            if homeless or places - kept_sites:
                raise _needed_by(proposal.slug)
        return [proposal.slug for proposal in registered]

    async def _programme(self) -> int:
        part = self.checked.content.programme
        fields = {
            "title": part.title,
            "area": to_wkb(self.checked.polygons[part.area]),
            "files": {"area": self._file(part.area)},
            "source": self.store.put(self.checked.document.source),
        }
        programme = await save_programme(self.session, part.slug, fields)
        stages = [
            {"kind": s.kind, "opens_at": s.opens_at + self.shift, "closes_at": s.closes_at + self.shift}
            for s in self.checked.content.stages
        ]
        await save_stages(self.session, programme.id or 0, stages)
        return programme.id or 0

    async def _site(self, part: SitePart) -> int:
        named = part.layers.model_dump(exclude_none=True)
        fields = {
            "title": part.title,
            "level": part.level,
            "boundary": to_wkb(self.checked.polygons[part.boundary]),
            "ground_m": part.ground_m,
            "manager": part.manager,
            "land_type": part.land_type,
            "special_regime": part.special_regime,
            "rules": part.rules.model_dump(exclude_none=True),
            "files": {
                "boundary": self._file(part.boundary),
                "layers": {layer: self._file(name) for layer, name in named.items()},
            },
            "layers": {kind: stored_layer(parts) for kind, parts in self.checked.layers[part.slug].items()},
        }
        await self._require_free(part.slug, fields)
        return (await save_site(self.session, part.slug, fields)).id or 0

    async def _require_free(self, slug: str, fields: Mapping[str, Any]) -> None:
        """Conflict when a site would change under another programme or under a ballot that people vote on."""
        site = await site_by_slug(self.session, slug)
        if site is None or all(getattr(site, name) == value for name, value in fields.items()):
            return
        users = await programmes_using(self.session, site.id or 0)
        if users - {self.checked.content.programme.slug} or await ballots_live_on(self.session, site.id or 0):
            raise Conflict(
                "site_in_use",
                "場所「{site}」は、受付中の投票かほかの事業で使われているので、変えられません。"
                "元のままにするか、別の名前の場所を作ってください。",
                site=slug,
            )

    def _version(
        self, part: ProposalPart, position: int, sites: Mapping[str, int], groups: Mapping[str, int]
    ) -> PlannedVersion:
        placements = []
        for i, placement in enumerate(part.placements):
            report = self.reports[part.slug, i]
            fields = placement.model_dump(exclude={"site"})
            placements.append(
                PlannedPlacement(sites[placement.site], **fields, verdict=report.verdict, checks=report.as_json())
            )
        content = part.model_dump(mode="json", exclude={"slug", "group", "placements"})
        content = {name: value for name, value in content.items() if value is not None}
        model = self.checked.models[part.slug]
        return PlannedVersion(
            slug=part.slug,
            position=position,
            group_id=groups[part.group] if part.group is not None else None,
            content=content | {"original": self._file(part.model)},
            model=self.store.put(model.canonical),
            facts=model.facts.as_json(),
            placements=placements,
        )

    def _ballot(self, part: BallotPart, position: int, proposals: Mapping[str, int]) -> PlannedBallot:
        opens_at, closes_at = part.opens_at + self.shift, part.closes_at + self.shift
        fields = part.model_dump(exclude={"slug", "options", "opens_at", "closes_at", "languages"})
        fields |= {"opens_at": opens_at, "closes_at": closes_at, "position": position}
        fields["languages"] = list(part.languages)
        plan = part.model_dump(mode="json") | {"opens_at": iso(opens_at), "closes_at": iso(closes_at)}
        if part.beacon is None:
            del plan["beacon"]  # as the plans of ballots that opened before there were beacons
        return PlannedBallot(part.slug, fields, [proposals[slug] for slug in part.options], plan)

    def _file(self, name: str) -> dict[str, Any]:
        return {"name": name, "sha256": self.store.put(self.checked.files[name])}


def _needed_by(proposal: str) -> Conflict:
    return Conflict(
        "needed_by_registered",
        "画面から登録された提案「{proposal}」の班か場所が、このファイルにありません。"
        "いまの内容を civic programme export で書き出して、そのファイルを直してから読み込んでください。",
        proposal=proposal,
    )


def _workshop(part: WorkshopPart) -> PlannedWorkshop:
    return PlannedWorkshop(part.slug, part.date, part.title, [(g.slug, g.title) for g in part.groups])
