"""Lines of a page that are no part of any story, told by their form: notices to readers, buttons, credits, page heads.

What a source repeats on most of its pages comes with the page (`Page.furniture`); this file knows no source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Longer lines than these say more than their form.
LONGEST_NOTICE = 48
LONGEST_BUTTON = 30
# Bare numbers in that many lines running are the pages of a picture gallery, not the numbers of sections.
GALLERY = 3

_OPENS, _CLOSES = r"[（(【<＜《>＞↓↑←→▼▲\s]*", r"[）)】>＞》↓↑←→▼▲~～!！。.\s]*"
_NOTICES = (
    # Please pass on, and name us.
    r"(?:欢迎|敬请|如需|若需|请)?.{0,6}(?:转发|转载|引用|分享).{0,16}(?:注明|标明|标注).{0,24}",
    r"(?:版权所有|未经(?:授权|许可|允许|书面)).{0,40}",
    # If you like it, say so.
    r"(?:(?:觉得|喜欢|认为|如果).{0,18}|欢迎|记得|别忘了|动动手指|顺手)?(?:点赞|点个|点亮|点一下|在看|点击右下角).{0,20}",
    # Follow us.
    r"(?:点击|戳|猛戳)?(?:上方|下方|顶部|底部|文末|左下角|右上角).{0,8}(?:关注|订阅|蓝字|名片|星标).{0,20}",
    r"(?:点击|戳).{0,4}(?:蓝字|蓝色字|名片|卡片).{0,16}",
    r"(?:长按|扫描|扫码|扫一扫|识别).{0,10}(?:关注|订阅|加入).{0,16}",
    # Read on elsewhere, look at more pictures.
    r"(?:请|欢迎)?(?:点击|戳|轻触).{0,8}(?:阅读(?:原文|全文|更多)|查看(?:原文|全文|更多)).{0,32}",
    r"(?:阅读|查看|展开)(?:原文|全文|更多)",
    r"(?:可)?(?:左右|上下|向左|向右|向上|向下|横向|横屏)?(?:滑动|划动|拖动)(?:图片|屏幕)?.{0,3}(?:查看|浏览|阅读|看).{0,8}",
    r"[-—–=·\s]*(?:THE\s+)?END[-—–=·\s]*",
    r"Read more.{0,20}|Click here.{0,24}|Share this.{0,20}|Advertisement|Continue reading.{0,24}",
)
_BUTTONS = (
    r"(?:首页|当前位置|您的位置|Home)[^。]{0,8}[>＞»/].{1,48}",
    r"(?:分享到|打印|关闭|收藏|字号|字体|纠错|返回|上一篇|下一篇|复制链接|扫码分享)[^。，]{0,16}",
    r"(?:责任编辑|责编|编辑|网络编辑|校对|审核|初审|复审|终审|监制|排版|版式|美编|制图|值班编委|值班主任)\s*[:：/丨｜].{1,24}",
    r"第?\s*[A-Z]?\d{1,2}\s*版(?:\s.{0,24})?|[^。，]{0,12}\s?(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s?星期[一二三四五六日天].{0,12}",
    r"(?:今日|本期|本报)?(?:导读|要目|提要)",
    r"[^。]{2,28}[\s.…·]+(?:第?\s*[A-Z]?\d{1,2}\s*版|P\d{1,2})",
    r"(?:上接|下转).{1,12}版.{0,8}",
    r"(?:分享|收藏|点赞|在看|转发|评论|阅读)(?:[\s、/|｜]*(?:分享|收藏|点赞|在看|转发|评论|\d+))*",
)
_NOTICE = re.compile(f"^{_OPENS}(?:{'|'.join(_NOTICES)}){_CLOSES}$", re.IGNORECASE)
_BUTTON = re.compile(f"^{_OPENS}(?:{'|'.join(_BUTTONS)}){_CLOSES}$")
_NUMBERS = re.compile(r"^\d{1,2}(?:[\s/|]+\d{1,2}){2,}$")
_NUMBER = re.compile(r"^\d{1,2}$")


def is_furniture(line: str) -> bool:
    """Tell whether the line is a notice, button, credit or page head rather than a line of a story."""
    if len(line) <= LONGEST_BUTTON + LONGEST_NOTICE and _NUMBERS.match(line):
        return True
    return (len(line) <= LONGEST_NOTICE and _NOTICE.match(line) is not None) or (
        len(line) <= LONGEST_BUTTON and _BUTTON.match(line) is not None
    )


def without_furniture(lines: Sequence[str]) -> list[str]:
    """Return the lines of stories, in order."""
    kept = [line for line in lines if not is_furniture(line)]
    return [line for at, line in enumerate(kept) if not _in_gallery(kept, at)]


def _in_gallery(lines: Sequence[str], at: int) -> bool:
    start = end = at
    while start > 0 and _NUMBER.match(lines[start - 1]):
        start -= 1
    while end < len(lines) and _NUMBER.match(lines[end]):
        end += 1
    return end > at and end - start >= GALLERY
