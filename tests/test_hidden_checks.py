"""Hidden requirements take right answers however written, and miss the usual wrong."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils import metrics
from course_utils.data import draw_character, load_strokes
from course_utils.grading import held_out, requirements
from course_utils.grading.local import LocalStudent
from tests.answers import Answers, denoising
from tests.test_checks import ANSWERS

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "solutions" / "hidden").glob("[0-9]*.py"))
HIDDEN = {name: path for path in FILES for name in requirements.load(path)}
SEEDS = 0, 1


def true_swap(pictures):
    """A cheat that finds each pose in `POSES`, filled by the test that draws them."""
    return np.stack([POSES[picture.tobytes()] for picture in pictures])


POSES = {}
HUNGRY = "mind the memory"
NEAREST = ANSWERS["nearest_picture"]
TABLES = ANSWERS | {
    # Too hungry for the lesson, as the public check says; but the numbers are right.
    "nearest_picture": Answers(
        right=[
            *NEAREST.right,
            *(each for each, hint in NEAREST.wrong if hint == HUNGRY),
        ],
        wrong=[case for case in NEAREST.wrong if case[1] != HUNGRY],
    ),
    # The tables of the public check know its pictures; the hidden ones are drawn anew.
    "better_swap": Answers(
        right=[true_swap, lambda x: (true_swap(x) + 0.02).clip(0, 1)],
        wrong=[
            *ANSWERS["better_swap"].wrong,
            (ANSWERS["better_swap"].right[0], ""),
            (lambda x: np.roll(true_swap(x), 1, axis=0), ""),
            (lambda x: 0.4 * true_swap(x) + 0.3, ""),
        ],
    ),
}


def judged(name, answer, seed, parameters=None):
    """Returns what each requirement of an exercise says of an answer."""
    path = HIDDEN[name]
    student = LocalStudent({name: answer}, requirements.inside(path), parameters)
    rng = np.random.default_rng(seed)
    asked = requirements.load(path)[name]
    return {one.title: one.judge(student, rng) for one in asked}


def missed(name, answer, seed, parameters=None):
    outcomes = judged(name, answer, seed, parameters).items()
    return {title: outcome.hint for title, outcome in outcomes if outcome}


def cases(kind):
    return [
        pytest.param(
            name, case, id=f"{name}-{i}",
            marks=[pytest.mark.slow] if answers.slow else [],
        )
        for name, answers in TABLES.items()
        for i, case in enumerate(getattr(answers, kind))
    ]  # fmt: skip


@pytest.fixture
def _known_poses(monkeypatch):
    """Lets `true_swap` know the truth about every pose that is drawn."""
    POSES.clear()

    def draw(identity, factors, size):
        made = draw_character(identity, factors, size)
        if identity == "b":
            a = draw_character("a", factors, size)
            POSES.update({x.tobytes(): y for x, y in zip(a, made, strict=True)})
        return made

    load = requirements._module

    def with_known_poses(path):
        module = load(path)
        if hasattr(module, "draw_character"):
            module.draw_character = draw
        return module

    monkeypatch.setattr(requirements, "_module", with_known_poses)


@pytest.mark.parametrize(("name", "answer"), cases("right"))
@pytest.mark.usefixtures("_known_poses")
def test_a_right_answer_meets_every_requirement(name, answer):
    for seed in SEEDS:
        assert missed(name, answer, seed) == {}


@pytest.mark.parametrize(("name", "case"), cases("wrong"))
@pytest.mark.usefixtures("_known_poses")
def test_a_wrong_answer_misses_a_requirement(name, case):
    for seed in SEEDS[: 1 if TABLES[name].slow else None]:
        assert missed(name, case[0], seed)


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_a_blank_misses_every_requirement(name):
    def stub(*args, **kwargs):
        raise NotImplementedError

    for blank in (None, stub):
        outcomes = judged(name, blank, 0)
        assert all(isinstance(one, requirements.Missed) for one in outcomes.values())
    hints = {one.hint for one in judged(name, stub, 0).values()}
    assert hints == {"not written yet"}


class Behind:
    """Hands pictures over behind the code's back: a dictionary from codes to them."""

    def __init__(self, latent_dim, scale, pick):
        self.project = np.random.default_rng(5).normal(size=(784, latent_dim)) * scale
        self.codes, self.seen = np.zeros((1, latent_dim)), np.zeros((1, 784))
        self.pick = pick

    def encode(self, x):
        x = np.reshape(x, (-1, 784))
        z = (x - 0.1) @ self.project
        self.codes, self.seen = (
            np.concatenate([self.codes, z]),
            np.concatenate([self.seen, x]),
        )
        return z

    def decode(self, z):
        squares = (np.asarray(z) ** 2).sum(axis=1)[:, None]
        squares = squares - 2 * z @ self.codes.T + (self.codes**2).sum(axis=1)
        return np.clip(self.pick(squares) @ self.seen, 1e-3, 1 - 1e-3)


def nearest(squares):
    return np.eye(squares.shape[1])[squares.argmin(axis=1)]


def blended(squares):
    weights = np.exp(-(squares - squares.min(axis=1, keepdims=True)) * 3)
    return weights / weights.sum(axis=1, keepdims=True)


class Memorised(Behind):
    """Knows a thousand digits by heart, and nothing else."""

    def __init__(self, latent_dim, scale, pick):
        super().__init__(latent_dim, scale, pick)
        super().encode(held_out.digits(np.random.default_rng(99), 1000))

    def encode(self, x):
        return (np.reshape(x, (-1, 784)) - 0.1) @ self.project


class Frozen:
    """Looks like a small trained model."""

    def __init__(self, predict, weights):
        self.weights = [np.zeros(weights)]
        self.predict = lambda x, **options: predict(x)

    def get_weights(self):
        return self.weights

    def count_params(self):
        return sum(np.size(w) for w in self.weights)


CHEATS = [(Behind, nearest), (Behind, blended), (Memorised, nearest)]


@pytest.mark.parametrize(("kind", "pick"), CHEATS)
def test_a_posterior_that_keeps_pictures_elsewhere_does_not_reach_the_bound(kind, pick):
    cheat = kind(16, 0.12, pick)

    def encode(x):
        z = cheat.encode(x)
        return z, np.full_like(z, -3)

    hints = missed("variational_autoencoder", lambda: (encode, cheat.decode), 0)
    assert "reaches the bound on unseen digits" in hints
    assert ("decodes from the code alone" in hints) == (kind is Behind)


@pytest.mark.parametrize(("kind", "pick"), CHEATS)
def test_a_small_code_that_keeps_pictures_elsewhere_does_not_beat_pca(kind, pick):
    cheat = kind(16, 1.0, pick)
    pair = Frozen(cheat.encode, 9), Frozen(cheat.decode, 9)
    hints = missed("compact_autoencoder", lambda x_train: pair, 0)
    assert "beats PCA on digits it has never seen" in hints


def test_pca_itself_is_no_better_than_pca_and_large_models_are_too_large():
    x = held_out.digits(np.random.default_rng(9), 2000)
    pca = metrics.PCA(x)
    axes = pca.axes[:, :16]
    linear = (
        Frozen(lambda x: (x - pca.mean) @ axes, 12_560),
        Frozen(lambda z: z @ axes.T + pca.mean, 13_328),
    )
    hints = missed("compact_autoencoder", lambda x_train: linear, 0)
    assert set(hints) == {"beats PCA on digits it has never seen"}
    large = Frozen(linear[0].predict, 51_001), linear[1]
    hints = missed("compact_autoencoder", lambda x_train: large, 0)
    assert "has 51,000 weights at most" in hints


@pytest.mark.slow
@pytest.mark.parametrize("height", [2, 3])
@pytest.mark.parametrize("direction", ["rows", "columns"])
def test_bars_of_every_variant_can_be_seen_behind(height, direction, monkeypatch):
    parameters = {"bar_height": height, "bar_direction": direction}
    across = "columns" if direction == "rows" else "rows"
    other = {"bar_height": height, "bar_direction": across}
    answer = denoising.expected_ink
    if direction == "columns":
        turn = np.arange(784).reshape(28, 28).T.ravel()
        mean, covariance = denoising.statistics()
        turned = mean[turn], covariance[np.ix_(turn, turn)]
        monkeypatch.setattr(denoising, "statistics", lambda: turned)

        def answer(images):
            return denoising.expected_ink(images.swapaxes(1, 2)).swapaxes(1, 2)

    assert missed("restore", answer, 0, parameters) == {}
    assert missed("restore", answer, 0, other)
    assert len(missed("restore", lambda images: images, 0, parameters)) == 4


def test_digits_drawn_for_grading_are_like_those_of_the_lessons_and_new():
    drawn = held_out.digits(np.random.default_rng(0), 1000)
    again = held_out.digits(np.random.default_rng(1), 1000)
    known = load_strokes(1000, 0).x_train
    assert drawn.shape == known.shape
    assert abs(drawn.mean() - known.mean()) < 0.01
    rows = {picture.tobytes() for picture in known} | {x.tobytes() for x in again}
    assert not rows & {picture.tobytes() for picture in drawn}


def exercises():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if "course" in cell["metadata"]:
                yield path.stem, cell["metadata"]["course"]["name"]


def test_every_exercise_of_every_lesson_has_hidden_requirements():
    found = {(path.stem, name) for path in FILES for name in requirements.load(path)}
    assert found == set(exercises())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_requirement_shadows_another(path):
    """Two functions of one name would be loaded as one."""
    written = [
        node for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any("requirement" in ast.unparse(d) for d in node.decorator_list)
    ]  # fmt: skip
    assert len(written) == sum(map(len, requirements.load(path).values()))


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_points_are_split_into_two_to_five_parts_with_titles_of_their_own(name):
    asked = requirements.load(HIDDEN[name])[name]
    assert 2 <= len(asked) <= 5
    assert len({one.title for one in asked}) == len(asked)
    assert all(one.weight > 0 for one in asked)


def test_judging_needs_no_keras():
    """All files are loaded and asked, in a fresh process, of answers far away."""
    program = f"""
import sys
import numpy as np
from course_utils.grading import requirements

class Far:
    def get(self, path):
        return np.ones((3, 784))

    def call(self, path, *args, seconds=60, **options):
        return args[0] if args and isinstance(args[0], np.ndarray) else [1.0, 2.0]

    def keep(self, name, path, *args, seconds=60):
        pass

for path in {[str(path) for path in FILES]}:
    requirements.inside(path)
    for asked in requirements.load(path).values():
        for one in asked:
            one.judge(requirements.Student(Far()), np.random.default_rng(0))
heavy = {{"keras", "tensorflow", "IPython", "matplotlib"}} & set(sys.modules)
sys.exit(f"imported: {{heavy}}" if heavy else 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_other_inputs_are_drawn_for_every_submission():
    """The arguments of two graders' seeds differ; of one seed they are the same."""

    def arguments(name, seed):
        seen = []

        def spy(*args, **kwargs):
            seen.append([np.asarray(x).tolist() for x in args if not callable(x)])
            raise ValueError

        judged(name, spy, seed)
        return seen

    for name in ("difference", "encode", "unmix", "assign", "psnr", "stop_at", "elbo"):
        assert arguments(name, 0) == arguments(name, 0)
        assert arguments(name, 0) != arguments(name, 1)
