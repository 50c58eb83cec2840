"""The Content-Type of a file, by the ending of its name: one table, the same on every machine."""

from __future__ import annotations

_TEXT = {
    "text/css": "css",
    "text/csv": "csv",
    "text/html": "html htm xhtml shtml",
    "text/javascript": "js mjs",
    "text/markdown": "md",
    "text/plain": "txt text log conf ini",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/vtt": "vtt",
    "text/xml": "xml xsl rss atom",
    "image/svg+xml": "svg",
    "application/json": "json map",
    "application/manifest+json": "webmanifest",
}
_BINARY = {
    "application/epub+zip": "epub",
    "application/gzip": "gz tgz",
    "application/java-archive": "jar",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/rtf": "rtf",
    "application/vnd.android.package-archive": "apk",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/wasm": "wasm",
    "application/x-7z-compressed": "7z",
    "application/x-bzip2": "bz2",
    "application/x-tar": "tar",
    "application/x-xz": "xz",
    "application/zip": "zip",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg oga opus",
    "audio/wav": "wav",
    "font/otf": "otf",
    "font/ttf": "ttf",
    "font/woff": "woff",
    "font/woff2": "woff2",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
    "image/tiff": "tif tiff",
    "image/vnd.microsoft.icon": "ico",
    "image/webp": "webp",
    "video/mp4": "mp4 m4v",
    "video/mpeg": "mpg mpeg",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-msvideo": "avi",
}
_UNKNOWN = b"application/octet-stream"
_TYPES = {
    ending.encode(): (kind + suffix).encode()
    for kinds, suffix in ((_TEXT, "; charset=utf-8"), (_BINARY, ""))
    for kind, endings in kinds.items()
    for ending in endings.split()
}


def media_type(name: bytes) -> bytes:
    """The Content-Type for a file of this name; octets when the ending is not known."""
    _, dot, ending = name.rpartition(b".")
    return _TYPES.get(ending.lower(), _UNKNOWN) if dot else _UNKNOWN
