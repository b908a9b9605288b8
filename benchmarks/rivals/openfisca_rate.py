"""人/秒 of OpenFisca Japan: 住民税 and 住民税非課税世帯 together, households of one, the best of three rounds."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_japan import CountryTaxBenefitSystem

PEOPLE, PERIOD = 100_000, "2024-06-01"


def rate(people: int) -> float:
    system = CountryTaxBenefitSystem()
    seconds = []
    for round_ in range(3):
        simulation = SimulationBuilder().build_default_simulation(system, people)
        chosen = np.random.default_rng(round_)
        simulation.set_input("収入", PERIOD, chosen.integers(0, 9_000_000, people))
        began = time.perf_counter()
        simulation.calculate("住民税", PERIOD)
        simulation.calculate("住民税非課税世帯", PERIOD)
        seconds.append(time.perf_counter() - began)
    return people / min(seconds)


if __name__ == "__main__":
    print(json.dumps(rate(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)))
