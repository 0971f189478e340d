"""Lofted tubes and ellipsoids, cut into facets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from vidpose.types.arrays import FloatArray

Colour = tuple[int, int, int]

_CAP_RAD: Final = np.radians([88.0, 70.0, 52.0, 34.0, 16.0])


@dataclass(frozen=True, slots=True)
class Facets:
    """Quadrilaterals of a surface.

    Attributes
    ----------
    corners_m
        Stage frame, m, shape (F, 4, 3).
    normals
        Unit vectors outwards, shape (F, 3).
    colours
        Red-green-blue, 0 to 255, shape (F, 3).
    lift_m
        How much nearer to the camera a facet counts when facets are sorted, so that small features stay on top of
        the surface that carries them, shape (F,).
    """

    corners_m: FloatArray
    normals: FloatArray
    colours: FloatArray
    lift_m: FloatArray


def merged(parts: list[Facets]) -> Facets:
    """Return the facets of all parts."""
    return Facets(
        np.concatenate([p.corners_m for p in parts]),
        np.concatenate([p.normals for p in parts]),
        np.concatenate([p.colours for p in parts]),
        np.concatenate([p.lift_m for p in parts]),
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """How the half axes of a tube's elliptic rings run along it.

    Attributes
    ----------
    shares
        Places of the rings along the axis, 0 the start and 1 the end, shape (n,).
    half
        Half axes there, shape (n, 2): aside and perpendicular to it, shares of stature.
    """

    shares: FloatArray
    half: FloatArray


def outline(knots: list[float], aside: list[float], across: list[float] | float, n_rings: int) -> Outline:
    """Run a smooth outline through half axes at ``knots`` (monotone cubics, so without bulges between them).

    ``across`` is either a second list or the ratio of the second half axis to the first.
    """
    shares = np.linspace(knots[0], knots[-1], n_rings)
    first = PchipInterpolator(knots, aside)(shares)
    second = first * across if isinstance(across, float) else PchipInterpolator(knots, across)(shares)
    return Outline(shares, np.stack([first, second], axis=1))


def dyed(shares: FloatArray, border: float, before: Colour, after: Colour) -> FloatArray:
    """Return ring colours that change at the share ``border``, shape (n, 3)."""
    colours: FloatArray = np.where((shares < border)[:, None], np.asarray(before, float), np.asarray(after, float))
    return colours


def plain(colour: Colour, n_rings: int) -> FloatArray:
    """Return one colour for all rings, shape (n, 3)."""
    return np.tile(np.asarray(colour, dtype=np.float64), (n_rings, 1))


def along(start: FloatArray, end: FloatArray, shares: FloatArray) -> FloatArray:
    """Return points on the line from ``start`` to ``end``, shape (n, 3)."""
    return start + np.outer(shares, end - start)


def tube(path: FloatArray, half: FloatArray, aside: FloatArray, colours: FloatArray, n_around: int = 28) -> Facets:
    """Loft elliptic rings along a path and close both ends with rounded caps.

    Parameters
    ----------
    path
        Ring centres, shape (n, 3).
    half
        Half axes along ``aside`` and perpendicular to it, shape (n, 2).
    aside
        Direction of the first half axis, shape (3,).
    colours
        Of each ring, shape (n, 3); a facet takes that of its first ring.
    n_around
        Facets around the tube.
    """
    course = np.gradient(path, axis=0)
    course /= np.linalg.norm(course, axis=1, keepdims=True)
    out, back = np.sin(_CAP_RAD)[:, None], np.sin(_CAP_RAD[::-1])[:, None]
    first, last = half[0].min() * course[0], half[-1].min() * course[-1]
    path = np.concatenate([path[0] - out * first, path, path[-1] + back * last])
    half = np.concatenate([np.outer(np.cos(_CAP_RAD), half[0]), half, np.outer(np.cos(_CAP_RAD[::-1]), half[-1])])
    n_cap = len(_CAP_RAD)
    course, colours = (np.pad(rows, ((n_cap, n_cap), (0, 0)), mode="edge") for rows in (course, colours))
    u = aside - np.sum(course * aside, axis=1, keepdims=True) * course
    u /= np.maximum(np.linalg.norm(u, axis=1, keepdims=True), 1e-9)
    v = np.cross(course, u)
    turn = np.linspace(0.0, 2 * np.pi, n_around + 1)
    rings = (
        path[:, None]
        + (half[:, :1] * np.cos(turn))[..., None] * u[:, None]
        + (half[:, 1:] * np.sin(turn))[..., None] * v[:, None]
    )
    return quads(rings, path, np.repeat(colours[:-1], n_around, axis=0))


def ellipsoid(centre: FloatArray, half_axes: FloatArray, colour: Colour, lift_m: float = 0.0) -> Facets:
    """Return a small ellipsoid; ``half_axes`` are three perpendicular vectors, shape (3, 3), the second its pole."""
    latitude = np.linspace(-np.pi / 2, np.pi / 2, 9)
    longitude = np.linspace(0.0, 2 * np.pi, 13)
    rings = (
        centre
        + (np.cos(latitude)[:, None] * np.cos(longitude))[..., None] * half_axes[0]
        + (np.sin(latitude)[:, None] * np.ones_like(longitude))[..., None] * half_axes[1]
        + (np.cos(latitude)[:, None] * np.sin(longitude))[..., None] * half_axes[2]
    )
    return quads(rings, np.broadcast_to(centre, (9, 3)), plain(colour, 8 * 12), lift_m)


def quads(rings: FloatArray, centres: FloatArray, colours: FloatArray, lift_m: float = 0.0) -> Facets:
    """Cut rings, shape (n, m + 1, 3), into quadrilaterals whose normals point away from the rings' centres.

    ``colours`` has one row per facet, ring by ring, shape ((n - 1) m, 3).
    """
    corners = np.stack([rings[:-1, :-1], rings[:-1, 1:], rings[1:, 1:], rings[1:, :-1]], axis=2).reshape(-1, 4, 3)
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    inside = np.repeat((centres[:-1] + centres[1:]) / 2, rings.shape[1] - 1, axis=0)
    inward = np.sum(normals * (corners.mean(axis=1) - inside), axis=1) < 0
    normals[inward] *= -1.0
    return Facets(corners, normals, colours, np.full(len(corners), lift_m))
