"""The two drawn characters: how a pose moves a face, and who has which face."""

from dataclasses import dataclass

import numpy as np

from course_utils.data.shapes import Canvas, ellipse, ring, rounded_box

INK = (0.13, 0.10, 0.12)
WHITE = (0.98, 0.98, 0.96)
MIDDLE = 0.04  # height of the middle of the head
DEPTH = 0.55  # of a face, against its width: it is flatter than a ball
EYE, MOUTH = (36, -11, 0.8), (0, 41, 0.8)  # longitude, latitude, height
CURLS_BEHIND = (-118, -94, -70, -46, -20, 20, 46, 70, 94, 118)  # degrees from the top
CURLS_ABOVE = (
    (-58, -46, 0.17), (-32, -54, 0.19), (0, -58, 0.20), (32, -54, 0.19), (58, -46, 0.17)
)  # longitude, latitude, radius  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """What makes a character who it is, whatever its pose.

    Attributes:
        head: Pair of floats, half the width and height of the head.
        jaw: Float, roundness of the head: 2 is an ellipse, more is squarer.
        background, skin, shade, blush, hair, iris, lid, lips, shirt: Colours,
            three floats in [0, 1].
        curls: Boolean, curly hair rather than a flat top.
        glasses: Colour of the frame, or None.
        nose: Pair of floats, half the width and height of the nose.
    """

    head: tuple
    jaw: float
    background: tuple
    skin: tuple
    shade: tuple
    blush: tuple
    hair: tuple
    iris: tuple
    lid: tuple
    lips: tuple
    shirt: tuple
    curls: bool
    glasses: tuple | None
    nose: tuple


IDENTITIES = {
    "a": Identity(
        head=(0.75, 0.78), jaw=2.0,
        background=(0.66, 0.86, 0.86), skin=(0.99, 0.83, 0.70),
        shade=(0.93, 0.68, 0.56), blush=(0.97, 0.62, 0.55),
        hair=(0.80, 0.33, 0.14), iris=(0.06, 0.42, 0.30), lid=(0.85, 0.47, 0.40),
        lips=(0.78, 0.12, 0.20), shirt=(0.20, 0.52, 0.48),
        curls=True, glasses=None, nose=(0.07, 0.055),
    ),
    "b": Identity(
        head=(0.71, 0.80), jaw=2.9,
        background=(0.42, 0.38, 0.66), skin=(0.78, 0.54, 0.38),
        shade=(0.60, 0.38, 0.26), blush=(0.80, 0.45, 0.34),
        hair=(0.16, 0.13, 0.20), iris=(0.38, 0.20, 0.12), lid=(0.52, 0.31, 0.21),
        lips=(0.56, 0.10, 0.14), shirt=(0.93, 0.55, 0.30),
        curls=False, glasses=(0.98, 0.80, 0.22), nose=(0.095, 0.085),
    ),
}  # fmt: skip


def anchor(longitude, latitude, yaw, pitch, height=0.8):
    """Returns where a point of the head is seen.

    The head is a flattened ball that turns by pitch, then by yaw.

    Args:
        longitude: Float, degrees to the right of the nose.
        latitude: Float, degrees below the middle of the face.
        yaw: Array, degrees that the head turns to the right.
        pitch: Array of the same shape, degrees that it looks down.
        height: Float, distance from the middle of the head; 0.8 is the face.

    Returns:
        `(x, y, width, tall)`: position in radii of the head, and by how much a
        small shape that lies there looks narrower and lower; each shaped like
        `yaw`.
    """
    longitude, latitude, yaw, pitch = (
        np.radians(angle) for angle in (longitude, latitude, yaw, pitch)
    )
    x = np.cos(latitude) * np.sin(longitude)
    y, z = np.sin(latitude), DEPTH * np.cos(latitude) * np.cos(longitude)
    y, z = (
        y * np.cos(pitch) + z * np.sin(pitch),
        z * np.cos(pitch) - y * np.sin(pitch),
    )
    x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    width, tall = (
        0.5 + 0.5 * np.maximum(np.cos(angle), 0.35)
        for angle in (longitude + yaw, latitude + pitch)
    )
    return height * x, height * y, width, tall


def middle(yaw, pitch):
    """Returns where the middle of the head is seen: the neck carries it along."""
    return 0.05 * np.sin(np.radians(yaw)), MIDDLE + 0.06 * np.sin(np.radians(pitch))


def place(who, yaw, pitch, point):
    """Returns where a point of a character's head is seen on the canvas.

    Args:
        who: `Identity`.
        yaw: Float32 array, in degrees.
        pitch: Float32 array of the same shape, in degrees.
        point: Longitude, latitude and height, as `anchor` takes them.

    Returns:
        `(x, y, width, tall)`: position, and by how much a small shape looks
        narrower and lower; float32 arrays shaped like `yaw`.
    """
    longitude, latitude, height = point
    x, y, width, tall = anchor(longitude, latitude, yaw, pitch, height)
    middle_x, middle_y = middle(yaw, pitch)
    seen = (middle_x + who.head[0] * x, middle_y + who.head[1] * y, width, tall)
    return tuple(np.asarray(value, "float32") for value in seen)


def draw(who, pose, size):
    """Draws one character in many poses.

    Args:
        who: `Identity`.
        pose: Dict from the name of each factor to a float32 array of shape
            `(n, 1, 1)`.
        size: Integer, pixels per side.

    Returns:
        Float32 array of shape `(n, size, size, 3)`, in [0, 1].
    """
    canvas = Canvas(len(pose["yaw"]), size, who.background)
    face = _Face(canvas, who, pose)
    face.back_of_hair()
    face.neck_and_shirt()
    face.ears()
    face.skin()
    face.cheeks()
    face.mouth()
    for side in (-1, 1):
        face.eye(side)
        face.brow(side)
    face.nose()
    face.front_of_hair()
    if who.glasses:
        face.glasses()
    pixels = np.moveaxis(canvas.pixels, 0, -1) * pose["brightness"][..., None]
    return np.clip(pixels, 0, 1)


class _Face:
    """Paints the parts of one face, from back to front."""

    def __init__(self, canvas, who, pose):
        self.canvas, self.who, self.pose = canvas, who, pose
        self.paint = canvas.paint
        x, y = middle(pose["yaw"], pose["pitch"])
        self.x, self.y = canvas.x - x, canvas.y - y

    def at(self, longitude, latitude, height=0.8):
        """Coordinates of the canvas as seen from a point of the head."""
        point = (longitude, latitude, height)
        x, y, width, tall = place(self.who, self.pose["yaw"], self.pose["pitch"], point)
        return (self.canvas.x - x) / width, (self.canvas.y - y) / tall

    def back_of_hair(self):
        if self.who.curls:
            sway = 0.06 * np.sin(np.radians(self.pose["yaw"]))  # it lags behind
            width, height = self.who.head
            for angle in np.radians(CURLS_BEHIND).astype("float32"):
                x = self.x + sway - width * np.sin(angle)
                y = self.y + height * np.cos(angle)
                self.paint(ellipse(x, y, 0.27, 0.27), self.who.hair)

    def neck_and_shirt(self):
        x, y = self.canvas.x, self.canvas.y
        neck = rounded_box(x - 0.4 * (x - self.x), y - 0.75, 0.20, 0.35, 0.1)
        self.paint(neck, self.who.shade)
        self.paint(ellipse(x, y - 1.18, 0.80, 0.36), self.who.shirt)

    def ears(self):
        for side in (-1, 1):
            point = (side * 92, 4, 1.0)
            x, y, *_ = place(self.who, self.pose["yaw"], self.pose["pitch"], point)
            ear = ellipse(self.canvas.x - x, self.canvas.y - y, 0.12, 0.17)
            self.paint(ear, self.who.shade)

    def head(self, grow=0.0):
        width, height = self.who.head[0] + grow, self.who.head[1] + grow
        if self.who.jaw == 2:
            return ellipse(self.x, self.y, width, height)
        return rounded_box(self.x, self.y, width, height, 0.40 + grow)

    def skin(self):
        self.paint(self.head(), self.who.skin)

    def cheeks(self):
        for side in (-1, 1):
            x, y = self.at(side * 46, 26)
            self.paint(ellipse(x, y, 0.15, 0.11), self.who.blush, 0.55)

    def mouth(self):
        x, y = self.at(*MOUTH)
        smile, opened = self.pose["smile"], self.pose["mouth"]
        width = 0.39 + 0.03 * smile - 0.05 * opened
        y = y + smile * (1.7 * x * x - 0.10) - 0.04 * opened
        height = 0.03 + 0.23 * opened
        inside = rounded_box(x, y, width, height, height)
        self.paint(inside - 0.07, self.who.lips)
        self.paint(inside, (0.24, 0.03, 0.07))
        tongue = ellipse(x, y - height, width * 0.6, height * 0.8)
        self.paint(np.maximum(inside, tongue), (0.90, 0.42, 0.45))
        self.paint(np.maximum(inside, y + height * 0.25), WHITE)

    def eye(self, side):
        x, y = self.at(side * EYE[0], *EYE[1:])
        opening = ellipse(x, y, 0.29, 0.30)
        self.paint(opening - 0.022, INK)
        self.paint(opening, WHITE)
        u = x - 0.17 * self.pose["gaze"]
        for radius, colour in ((0.165, self.who.iris), (0.11, INK)):
            inside = np.maximum(opening + 0.04, ellipse(u, y, radius, radius))
            self.paint(inside, colour)
        glint = ellipse(u + 0.05, y + 0.06, 0.045, 0.045)
        self.paint(np.maximum(opening, glint), WHITE)
        fall = y - 0.25 * x * x + 0.31 - 0.66 * self.pose["blink"]
        self.paint(np.maximum(opening, fall - 0.04), INK)
        self.paint(np.maximum(opening, fall), self.who.lid)

    def brow(self, side):
        x, y = self.at(side * 34, -41 if self.who.curls else -42)
        y = y + 1.1 * x * x + 0.04 * side * x
        half = (0.16, 0.04) if self.who.curls else (0.19, 0.05)
        self.paint(rounded_box(x, y, *half, 0.035), self.who.hair)

    def nose(self):
        width, height = self.who.nose
        x, y = self.at(0, 12, height=0.95)
        self.paint(ellipse(x, y, width, height), self.who.shade)
        glint = ellipse(x + 0.02, y + height * 0.2, width * 0.6, height * 0.6)
        self.paint(glint, self.who.skin, 0.6)

    def front_of_hair(self):
        (self._curls if self.who.curls else self._flat_top)()

    def _curls(self):
        x, y = self.at(0, -58)
        cap = np.maximum(self.head(0.05), y - 0.02 + 0.5 * x * x)
        self.paint(cap, self.who.hair)
        for longitude, latitude, radius in CURLS_ABOVE:
            x, y = self.at(longitude, latitude, height=0.95)
            self.paint(ellipse(x, y, radius, radius * 0.9), self.who.hair)

    def _flat_top(self):
        _, y = self.at(0, -66)
        hairline = y + 0.12 * np.cos(5 * self.x)
        self.paint(np.maximum(self.head(0.03), hairline), self.who.hair)
        x, _ = self.at(0, -62, height=0.5)
        top = rounded_box(x, self.y + 0.72, 0.60, 0.24, 0.2)
        self.paint(top, self.who.hair)

    def glasses(self):
        for side in (-1, 1):
            x, y = self.at(side * EYE[0], *EYE[1:])
            frame = ring(rounded_box(x, y, 0.34, 0.34, 0.26), 0.06)
            self.paint(frame, self.who.glasses)
        x, y = self.at(0, -13)
        self.paint(rounded_box(x, y, 0.07, 0.03, 0.02), self.who.glasses)
