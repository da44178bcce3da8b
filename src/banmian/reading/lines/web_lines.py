"""Lines of web pages and files that nobody reads: buttons, menus, rules, tags, tables. For Simplified text.

Words are those that portals of governments, papers and social networks print round their articles, as public reports of
crawlers show them.
"""

import re
from pathlib import Path

from banmian.text.markup import IMAGE, TAG

_WORDS = (Path(__file__).parents[1] / "data" / "web_buttons.txt").read_text(encoding="utf-8").splitlines()[1:]
_BUTTONS = frozenset(word.lstrip("~") for word in _WORDS)
_LONE = frozenset(word[1:] for word in _WORDS if word[0] == "~")  # buttons only beside others
_CUT = re.compile(
    r"[\s|｜/／·•>＞»›、,，:：()（）【】\[\]〔〕“”\"'_—\-…。!！?？\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+"
)
_SENTENCE = 40  # characters; what is longer and ends in a full stop is prose that names a button
_PHRASES = re.compile(
    r"点击(?:上方|下方|标题|文末|左下|右上|此处|这里|图片|链接|“?阅读原文|蓝色?字|↑|关注)|阅读原文"
    r"|长按.{0,10}(?:二维码|识别|关注)|扫码关注|扫一扫|识别.{0,4}二维码|ICP[备证]|网站标识码|公网?安备|备案号"
    r"|版权所有|违法和?不良信息|未经(?:书面)?授权|您?(?:现在|当前)?(?:所在)?的?位置[:： ]|分享[到至](?:[:：]|$)"
    r"|浏览(?:次数|量)[:：]|建议使用.{0,12}浏览器|^(?:主办|承办|协办|指导|运营|技术支持)(?:单位)?[:：].{0,80}$"
    r"|网站地图|返回(?:顶部|首页)|^[上下]一[篇条页][:：]|(?:打印|列印)[本此]页|关闭窗口"
    r"|^[【\[]?(?:字体|字号|字级)(?:大小)?[:：]|显示模式[:：]|^附件\d{0,2}[:：]|客户端$"
    r"|(?:成为|加入).{0,12}(?:订户|会员)|点(?:个)?[“\"]?(?:赞|在看)[”\"]?|星标|公众号|转载请|免责声明"
    r"|[Cc]opyright|©|All [Rr]ights|(?:相关|推荐|延伸|热门)阅读[:：]?$|热门(?:文章|新闻|推荐)$|责编邮箱"
    r"|点击进入专题|(?:加载|查看)更多|Cookie|JavaScript"
)
_ROW = re.compile(r"^\|.*\|$|^[-:| ]{3,}$")


def is_rule(text: str) -> bool:
    """Tell whether a line is nothing but signs: asterisks, dashes, dots, a triangle; brackets and marks are none."""
    return not any(map(str.isalnum, text)) and not any(mark in text for mark in "，。、；：？！”’）》」』】([（《“")


def is_unread(text: str) -> bool:
    """Tell whether a line is a button, a menu, a share line, tags alone, a picture's address or a row of a table."""
    if is_rule(text) or _ROW.match(text):
        return True
    if "<" in text and TAG.search(text):
        return "<td" in text or "<table" in text or not TAG.sub("", text).strip()
    if text.startswith("![") and not IMAGE.sub("", text).strip():
        return True
    if len(text) > 130 or "。" in text[:-1] or (len(text) > _SENTENCE and text[-1] == "。"):
        return False
    words = [word for word in _CUT.split(text.lower()) if word]
    if (
        words
        and all(word in _BUTTONS or word.isdigit() for word in words)
        and not all(word.isdigit() for word in words)
    ):
        return len(words) > 1 or words[0] not in _LONE
    return bool(_PHRASES.search(text))
