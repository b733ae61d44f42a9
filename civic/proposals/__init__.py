"""What a group wants: texts, a 3D model that passed the gate, and placements checked in metres; in versions."""
