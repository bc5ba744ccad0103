"""Small files of each format, written by the libraries that people's files come from."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import docx
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "临江市发布氢能产业扶持办法"
TEXT = "临江市昨天发布氢能产业扶持办法，对新建加氢站给予一次性补助，申报截止到六月三十日。"
ENGLISH = "The city of Linjiang will pay a grant to each new hydrogen station until the end of June."
FONT = "STSong-Light"
LEFT = (
    "　　左栏第一段说的是加氢站的补助标准和办理的部门，",
    "补助按站计算，每站最高五百万元，资金由市与区两级",
    "财政各出一半。",
    "　　左栏第二段说的是车辆的路权，氢能货车全天可以",
    "通行内环以外的道路。",
)
RIGHT = (
    "　　右栏第一段说的是申报的材料，要交项目计划和用",
    "地证明，一式三份。",
    "　　右栏第二段说的是咨询的电话，每天上午九点起有",
    "人接听。",
)


def pdf(*, by_rows: bool = False, columns: bool = False, scan: bool = False) -> bytes:
    """A PDF of one page: plain, in two columns (written column by column or row by row), or an image alone."""
    _register()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1)
    if scan:
        draw_scan(canvas)
    elif columns:
        _draw_columns(canvas, by_rows=by_rows)
    else:
        _draw(canvas, 60, 780, TITLE, size=18)
        _draw(canvas, 60, 740, TEXT)
    canvas.save()
    return stream.getvalue()


def pdf_of_text_and_scan() -> bytes:
    """A PDF whose second page is an image."""
    _register()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1)
    _draw(canvas, 60, 740, TEXT)
    canvas.showPage()
    draw_scan(canvas)
    canvas.save()
    return stream.getvalue()


def draw_scan(canvas: Canvas) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)


def word() -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, level=1)
    document.add_paragraph(TEXT)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("项目", "金额", "加氢站", "500万元"), strict=True
    ):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def html(charset: str = "utf-8") -> bytes:
    paragraphs = "".join(f"<p>{TEXT}这是第{number}段，讲的是办理的步骤和部门。</p>" for number in range(1, 6))
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{TITLE}_临江网</title>'
        f'<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="临江网">'
        '<meta property="article:published_time" content="2025-05-06T08:00:00+08:00">'
        '<link rel="canonical" href="https://linjiang.example/a/1.html">'
        "<style>.x{color:red}</style><script>var secret = '脚本里的话';</script></head>"
        "<body><nav><a href='/'>首页</a><a href='/m'>更多栏目</a></nav>"
        f"<article><h1>{TITLE}</h1>{paragraphs}<script>document.write('又一段脚本')</script></article>"
        "<footer>版权所有 不得转载</footer></body></html>"
    ).encode(charset)


def rss() -> bytes:
    items = "".join(
        f"<item><title>{TITLE}{number}</title><link>https://linjiang.example/{number}</link>"
        f"<guid>https://linjiang.example/{number}</guid><pubDate>Tue, 06 May 2025 00:30:00 +0800</pubDate>"
        f"<description><![CDATA[<p>{TEXT}</p><script>alert('脚本')</script><p>第二段。</p>]]></description></item>"
        for number in (1, 2)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>临江日报</title>{items}</channel></rss>'.encode()


def atom() -> bytes:
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>临江日报</title>'
        f"<entry><id>tag:linjiang,1</id><title>{TITLE}</title><updated>2025-05-06T00:30:00+08:00</updated>"
        f'<link href="https://linjiang.example/1"/><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>'
    ).encode()


def rows() -> list[dict[str, object]]:
    return [
        {
            "编号": f"LJ-2025-{number:04d}",
            "标题": f"{TITLE}{number}",
            "正文": TEXT,
            "日期": "2025-05-06",
            "来源": "临江日报",
        }
        for number in (1, 2)
    ]


def csv_table(encoding: str = "utf-8") -> bytes:
    lines = [list(rows()[0])] + [[str(value) for value in row.values()] for row in rows()]
    return "\r\n".join(",".join(f'"{value}"' for value in line) for line in lines).encode(encoding)


def json_lines() -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows()).encode()


def json_array() -> bytes:
    return json.dumps(rows(), ensure_ascii=False).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


# A file name and what writes a good file of that name.
FORMATS: dict[str, Callable[[], bytes]] = {
    "page.txt": TEXT.encode,
    "page.md": f"# {TITLE}\n\n{TEXT}\n".encode,
    "page.html": html,
    "page.pdf": pdf,
    "page.docx": word,
    "feed.rss": rss,
    "feed.atom": atom,
    "table.csv": csv_table,
    "records.jsonl": json_lines,
    "records.json": json_array,
    "all.zip": lambda: zipped({"a/page.txt": TEXT.encode(), "records.json": json_array()}),
}


@cache
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _draw(canvas: Canvas, x: float, y: float, text: str, *, size: int = 10) -> None:
    canvas.setFont(FONT, size)
    canvas.drawString(x, y, text)


def _draw_columns(canvas: Canvas, *, by_rows: bool) -> None:
    _draw(canvas, 150, 780, TITLE, size=18)
    cells = [(320.0, 740.0 - 16 * row, text) for row, text in enumerate(RIGHT)]
    cells += [(50.0, 740.0 - 16 * row, text) for row, text in enumerate(LEFT)]
    for x, y, text in sorted(cells, key=lambda cell: (-cell[1], cell[0])) if by_rows else cells:
        _draw(canvas, x, y, text)
    _draw(canvas, 285, 30, "- 3 -", size=9)
