"""Telling videos from other files, by the ending of the name and, where that says nothing, by the first bytes."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Final

_VIDEO_ENDINGS: Final = (
    "3g2 3gp 3gp2 3gpp 264 265 266 amv asf avc avi av1 dav dif divx dv dvr-ms f4v flv gif gxf h261 h263 h264 h265 h266",
    "h26l hevc insv ism ismv ivf jpgv kux lrf lrv m1v m2p m2t m2ts m2v m4v mj2 mjpeg mjpg mk3d mkv mov mp4 mp4v mpe",
    "mpeg mpg mpv mqv mts mxf nsv nut obu ogm ogv pva qt rm rmvb ts vc1 vdr vob vro vvc webm wm wmv wtv xvid y4m",
)
VIDEO_SUFFIXES: Final = frozenset(f".{ending}" for line in _VIDEO_ENDINGS for ending in line.split())
"""Endings of videos that the decoder opens, lower case."""

_LEFT_OUT_SUFFIXES: Final[dict[str, str]] = {
    **dict.fromkeys((".braw", ".r3d", ".crm", ".ari", ".arx", ".cine", ".nraw", ".mlv"), "raw_camera_format"),
    **dict.fromkeys((".part", ".partial", ".crdownload", ".download", ".opdownload", ".aria2"), "unfinished_download"),
    **dict.fromkeys((".m3u8", ".m3u", ".mpd", ".f4m", ".asx", ".wvx", ".wpl", ".ffconcat"), "playlist"),
    **dict.fromkeys((".iso", ".nrg"), "disc_image"),
    **dict.fromkeys(
        (".prproj", ".wlmp", ".mswmm", ".imovieproj", ".fcpxml", ".kdenlive", ".drp", ".veg"), "edit_project"
    ),
}
"""Endings of what a person may call a video and the decoder does not open."""
_OTHER_ENDINGS: Final = (
    "aac aif aiff amr ape c3d csv doc docx dng flac gz heic heif htm html ipynb jpeg jpg json jxl log m4a m4b md mka",
    "mks mot mp2 mp3 npy npz odt oga opus parquet pdf png ppt pptx py r sqlite srt sto svg tar task thm tif tiff trc",
    "tsv txt vtt wav webp wma xls xlsx xml xmp yaml yml zip",
)
_OTHER_SUFFIXES: Final = frozenset(f".{ending}" for line in _OTHER_ENDINGS for ending in line.split())
"""Endings that are no video whatever their first bytes say, such as sound in the container of a video."""
_CAMERA_COPIES: Final = {".lrv": (".mp4", ".insv", ".360"), ".lrf": (".mp4", ".mov")}
"""Small copies that GoPro, Insta360 and DJI cameras write beside a video."""
_HEAD_BYTES: Final = 1024
_STILL_OR_SOUND: Final = (
    b"M4A",
    b"M4B",
    b"M4P",
    b"hei",
    b"hev",
    b"mif",
    b"msf",
    b"avi",
    b"crx",
    b"jp2",
    b"jpx",
    b"jxl",
)
"""First letters of the brands of pictures and sound in the MP4 family."""
_BEGINNINGS: Final = (
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    b"\xb7\xd8\x00\x20\x37\x49\xda\x11",  # WTV
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01",  # MXF
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"FLV\x01",
    b"GIF8",
    b".RMF",
    b"DKIF",
    b"YUV4MPEG2",
    b"nut/multimedia container",
)


def left_out_by_ending(path: PurePath) -> str | None:
    """Return why a file with this name is left out, a key of the reasons; None when its ending does not say so."""
    return _LEFT_OUT_SUFFIXES.get(path.suffix.lower())


def is_video(path: Path) -> bool:
    """Say whether the file has a video's ending or, with an ending that says nothing, begins as videos do."""
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        return True
    return suffix not in _OTHER_SUFFIXES and begins_as_video(first_bytes(path))


def first_bytes(path: Path) -> bytes:
    """Return the beginning of a file; nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def begins_as_video(head: bytes) -> bool:
    """Say whether a file with these first bytes is a video in one of the usual containers.

    Examples
    --------
    >>> begins_as_video(b"RIFF....AVI LIST"), begins_as_video(b"RIFF....WAVEfmt ")
    (True, False)
    """
    kind = head[4:8]
    if kind == b"ftyp":
        return not head[8:12].startswith(_STILL_OR_SOUND)
    if kind in (b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"):
        return head[:1] == b"\0"  # the size of a QuickTime atom
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return b"matroska" in head or b"webm" in head
    if head.startswith(b"OggS"):
        return b"theora" in head or b"BBCD" in head
    if head.startswith(b"RIFF"):
        return head[8:11] == b"AVI"
    return head.startswith(_BEGINNINGS) or _is_transport_stream(head)


def _is_transport_stream(head: bytes) -> bool:
    """Say whether the packets of an MPEG transport stream begin at their distances: plain, or with a time code."""
    return any(head[first : first + 4 * step : step] == b"GGGG" for first, step in ((0, 188), (4, 192)))


def is_camera_copy(path: PurePath, names: frozenset[str]) -> bool:
    """Say whether a file is a camera's small copy of a video beside it.

    Parameters
    ----------
    path
        The file.
    names
        Lower-case names of all files of the folder.
    """
    stem = path.stem.lower()
    stems = {stem, "gx" + stem[2:], "gh" + stem[2:], "gopr" + stem[4:], "vid_" + stem[4:].replace("_01_", "_00_")}
    return any(stem + suffix in names for stem in stems for suffix in _CAMERA_COPIES.get(path.suffix.lower(), ()))
