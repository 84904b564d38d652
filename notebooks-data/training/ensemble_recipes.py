"""What the networks of each shipped ensemble are trained on, and until when.

Tasks and thresholds (mean squared error) are those of Huang, Singh, Martinelli and Rajan, arXiv 2410.03972; the harder
variant, on which no network was trained, has twice the trial's length, or twice the delay. Networks have 64 units (the
paper's have 128), which keeps the files small.
"""

import dataclasses
import functools

import tasks

UNITS = 64
EPOCH = 25  # updates between two looks at the loss
PATIENCE = 3  # further epochs for which the loss has to stay at or below the threshold


@dataclasses.dataclass
class Recipe:
    """One ensemble; `task` and `harder` are specifications as the command line takes them."""

    task: str
    harder: str
    generate: object
    generate_harder: object
    threshold: float
    first_seed: int
    networks: int = 12
    batch: int = 16
    rate: float = 1e-3
    plateau: int = 40  # epochs without a new least loss after which a network's rate is halved
    updates: int = 20000  # at most
    # Easier trials at first where that saves time: changes to the generator by the update from which on they hold.
    stages: dict = dataclasses.field(default_factory=dict)
    teach: object = None  # where training has other trials than `generate` makes

    def teaching(self, update):
        """The generator of the trials of the updates from `update` on."""
        begun = [start for start in self.stages if start <= update]
        changes = self.stages[max(begun)] if begun else {}
        return functools.partial(self.teach or self.generate, **changes)


def recipe(task, harder, generator, changed, **fields):
    """A recipe whose harder variant gives `changed` to the task's generator."""
    return Recipe(task, harder, generator, functools.partial(generator, **changed), **fields)


def flip_flop(bits, **fields):
    return recipe(
        f"flipflop:bits={bits},steps=64", f"flipflop:bits={bits},steps=128",
        functools.partial(tasks.flip_flop, bits=bits), {"steps": 128}, threshold=0.001, networks=32, rate=3e-3,
        stages={0: {"steps": 16}, 600: {}}, **fields)


SINE = functools.partial(tasks.sine, steps=64, dt=0.005)

RECIPES = {
    "flipflop-1bit": flip_flop(1, first_seed=1001),
    "flipflop-3bit": flip_flop(3, first_seed=2001),
    "delayed-discrimination": recipe(
        "delayed-discrimination", "delayed-discrimination:delay_min=10,delay_max=40,steps=50",
        tasks.delayed_discrimination, {"delay": (10, 40), "steps": 50}, threshold=0.01, first_seed=3001, batch=32,
        rate=2e-3, plateau=20, updates=12000),
    "sine": recipe(
        "sine:steps=64,dt=0.005", "sine:steps=128,dt=0.005", SINE, {"steps": 128}, threshold=0.05, first_seed=4001,
        batch=10, rate=3e-3, plateau=20, teach=functools.partial(SINE, in_turn=True)),
    "path-integration": recipe(
        "path-integration:steps=50", "path-integration:steps=100", functools.partial(tasks.path_integration, steps=50),
        {"steps": 100}, threshold=0.05, first_seed=5001, rate=3e-3, plateau=20,
        stages={0: {"steps": 12}, 1500: {"steps": 25}, 2500: {}}),
}
