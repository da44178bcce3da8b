"""What one printed paragraph is by its own words: byline, caption, notice, continuation mark, heading or body.

Rules are written for Simplified text (`script.simplify` first), so that one rule serves both scripts. Each rule names a
form that newspapers share, never a paper or a person; what a line is by its place is decided in `layout`.
"""

import re
from functools import lru_cache

from banmian.reading.lines.web_lines import is_unread

# Two to four characters, two set apart (徐 潇), or a foreign name with its dot; never what reporters *do*.
_VERB = r"(?!了解|获悉|手记|调查|观察|来到|走进|发现|看到|注意|在|从|采访|见到|日前|近日|昨日|今天)"
_NAME = (
    rf"{_VERB}(?:[\u4e00-\u9fff]{{2,4}}|[\u4e00-\u9fff][ ]{{1,2}}[\u4e00-\u9fff]|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)"
)
_NAMES = rf"{_NAME}(?:[ 、,，]+{_NAME})*"
_OPEN, _CLOSE = r"[(（〔【\[「]", r"[)）〕】\]」]"
_PAPER = r"[\u4e00-\u9fffA-Za-z]{0,12}"

_DATE = (
    r"^(?:中华民国|民国)?(?:\d{2,4}|[〇○零一二三四五六七八九]{4})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
    r"(?:\s?[（(]?(?:星期|周)[一二三四五六日天][）)]?)?(?:于\S{1,10})?$"
)

# "新华社北京11月6日电", "本报讯 (记者 …)": a story begins here. The place may be long (本报约翰内斯堡8月22日电).
_DATELINE = re.compile(
    r"^(?:据)?(?:本报|新华社|人民网|中新社|中新网|央视网?|本刊|本台|[\u4e00-\u9fff]{2,6}[报社网台])"
    r"(?:(?:专|综合)?讯|综合(?:报道|报导|消息)(?=.{8})|[\u4e00-\u9fff]{1,14}\d{1,2}(?:月\d{1,2})?日(?:专)?[电讯])"
    # 【記者林大山╱江城報導】, 〔本報訊〕, （記者林大山北岸五日電）, 《江城日報》訊, as papers print it before the text
    rf"|^{_OPEN}[^。，（）()]{{0,24}}(?:报道|报导|(?:[报刊台社网]|综合)(?:专|综合)?讯|消息|特稿|日专?[电讯]|专电){_CLOSE}(?=.{{4}})"
    rf"|^[《【][\u4e00-\u9fff]{{2,8}}[报刊网][》】]\s?(?:专|综合)?讯"
    rf"|^{_OPEN}(?:本[报刊台社])?(?:记者|通讯员|特派员|实习生)[^。（）()]{{2,30}}{_CLOSE}\s?(?=[^\s（(].{{11}})"
)
# …。（完）, …。（记者 安澜）, …。【完】, …。 完, …。■: what stands behind a paragraph's last mark
_END_NOTES = re.compile(
    rf"(?:\s?(?:{_OPEN}[^（）()【】〔〕\[\]]{{1,40}}[)）】〕\]]|[■□◆◇●▲★☆※◎▣▇█]|(?<=[。！？”\s])(?:完|END|End)))+$"
)
_SURE_END = re.compile(
    rf"{_OPEN}\s?(?:全文)?(?:完|完结|未完待续|下转.{{1,8}}|见[上下左右]?图.{{0,4}}|[^（）()，。]{{0,8}}(?:记者|通讯员)[^（）()]{{1,30}}|(?:据)?新华社[^（）()]{{0,20}}"
    rf"|(?:责任)?编辑[:：].{{1,20}}|END){_CLOSE}$"
)
# （记者 安澜 通讯员 林小满）清溪区昨天…，【江城】…: notes in brackets and then a text of its own
_LEAD = re.compile(rf"^(?:{_OPEN}[^（）()【】〔〕。]{{1,40}}{_CLOSE}\s?)+[^（(].{{8,}}[，。].*$")
_STORY_END = re.compile(rf"^{_OPEN}(?:据)?(?:本报|新华社|中新社|人民网)[^。]{{0,40}}{_CLOSE}$")
_BYLINES = (
    rf"^{_PAPER}(?:[—\-·― ]+{_PAPER})?(?:首席|见习|实习|全媒体|特约)?"
    r"(?:记者|通讯员|特派员|评论员|实习生)(?:[ :：]+)?"
    rf"{_NAMES}(?:[ /／]+(?:通讯员|实习生|文图?|图|摄影报道|报道|街道|{_PAPER}供图|{_NAMES}))*$",
    r"^(?:文|图|文[/／]图|撰文|作者|采写|策划|整理|编辑|责编|执行主编|主编|校对|美编|统筹|来源|供稿)"
    r"[ :：/／|]+\S.{0,40}$",
    r"^(?:[一二三四五六七八九十\d]+版)?(?:本版|版式|责任|图片|美术|视觉)?"
    r"(?:责编|编辑|设计|统筹|制图)[ :：].{1,120}$",
    r"^(?:数据|图片|资料|信息)来源[ :：].{1,60}$",
    rf"^[■□◆●▲◎★☆]\s*(?:{_PAPER}[ ]+)?{_NAMES}$",
    rf"^{_OPEN}\s*(?:本文)?(?:第一)?(?:作者|执笔|课题|本报|记者|摘编|原载|原题|整理|来源|据|载于|注).{{0,160}}$",
    r"^(?:发[布佈]时间|发表时间|时间|来源|日期|责任编辑)[:：].{0,200}$",
    r"^——?[^，。]{1,16}$",  # who said what stands above: ——编者
    rf"^{_NAME}\s*(?:[文图摄绘]|漫画|作|制图|配图)$",
    r"^[\u4e00-\u9fff]{2,8}：$",
    r"^(?:各|尊敬的|亲爱的)[\u4e00-\u9fff、，]{2,40}：$",
    rf"^{_PAPER}(?:市长|省长|主席|主任|县长|区长|书记|院长|检察长|镇长|局长)[ ]{{1,2}}{_NAME}$",
    r"^[※■□●◆◎▲＊*]*\s?(?:发稿|发[布佈])(?:单位|机关|日期|时间)[:：].{0,80}$",
    r"^[※■□●◆◎▲＊*]*\s?(?:新闻|媒体)?(?:联[络系]人|承办人|联[络系]?电话|电话|传真|电子信箱|电子邮件|电邮|手机|业务单位|发文字号)[:：].{0,80}$",
    r"^(?:香港|台北|北京|澳门)时间\s?\d{1,2}[时:：]\d{1,2}分?$",
    rf"^{_OPEN}?(?:完|全文完|END|End|完结|未完待续){_CLOSE}?$",
    r"^(?:本期|本版|本报|栏目|专题)[\u4e00-\u9fff]{2,4}[:：].{1,40}$",
    rf"^{_OPEN}[^。]{{0,40}}(?:采写|整理|报道|摘编|编译){_CLOSE}$",
    rf"^{_NAMES}\s*[(（](?:摘编|整理|编译|采写).{{0,20}}[)）]$",
    _DATE,
    rf"^\S{{0,14}}(?:网友|读者)[ ]{_NAME}$",  # who wrote the letter above
    rf"^{_NAME}[ ]\S{{0,10}}(?:评论员|记者|教授|研究员|院长|编辑)$",  # who talks with whom: a name and an office
)
_BYLINE = re.compile("|".join(_BYLINES))  # to try each by itself takes twice the time
_PHOTOGRAPHED = re.compile(rf"^.{{0,400}}?{_NAMES}\s*摄(?:影)?(?:报道)?(?:[(（][^)）]{{1,12}}[)）])?$")
_CAPTION = re.compile(
    r"^(?:[上下左右①-⑩]?图[①-⑩一二三四五六]?)[为是:：].{2,120}$"
    r"|^[▲▼△▽↑↓←→].{2,120}$"
)
_CLOSING = re.compile(
    rf"^(?:{_OPEN}\s*(?:本文)?(?:第一)?(?:作者|摘编|执笔|原载|整理|相关报道|下转|[^。，]{{2,40}}(?:采写|整理|摘编){_CLOSE})"
    rf"|(?:[一二三四五六七八九十]+版|本版|版式|责任)(?:责编|编辑|设计)|{_NAME}\s*文$)"
)
_NOTE_END = re.compile(r"(?:以飨读者|敬请(?:期待|关注|垂注)|(?:全文|摘要|内容)如下)[。：:]?$")
_STANDING = re.compile(
    r"^(?:图片(?:报道|新闻|故事)|[新快短时简]讯(?:速递)?|新闻速递|新闻速览|要闻简报|来论|短评|微评|(?:读者|网友|群众)?(?:来信|留言)板?|网友留言板?)$"
)
_DEPENDENT = re.compile(
    r"^[【\[〖■●◆▶►]?\s?(?:推荐(?:读物|阅读|书目)|延伸阅读|(?:相关|新闻|知识|背景)?链接|小贴士|名词解释|(?:新闻|相关)背景|核心阅读|阅读提示"
    r"|编者按|编后|(?:专家)?点评|记者手记|对话人|前言|引言|结语|结束语|附[则件录])[】\]〗]?$"
)
_NOTICE = re.compile(
    r"热线|扫码|扫一扫|扫描二维码|二维码|订阅|邮发代号|零售价|定价|(?<!公益)广告|刊号|客户端下载|关注.{0,8}(?:公众号|微信|APP|app|客户端)"
    r"|新[闻聞]稿$|(?:入口|门户)网站?$|^[※](?!.*。.)|国内统一连续|CN\s?\d\d-\d{4}|每期.{0,6}版|全年.{0,6}期|公众号|投稿邮箱|责任印务|印刷厂|今日\d+版|第\d{3,}期|www\."
)
_PAGE_CREDITS = re.compile(r"^(?:[一二三四五六七八九十\d]+版责任?编辑?[:：])")
_LISTED = re.compile(
    rf"^(?:[一二三四五六七八九十]*版?责?编?[:：]?)?"
    rf"(?:{_NAME}|[一二三四五六七八九十]?版?(?:责编)?[:：])(?:[ :：]+\S{{1,9}})+$"
)
_RUNNING = re.compile(r"^(?:[\u4e00-\u9fff]{1,4}[·・|｜][\u4e00-\u9fff]{1,6}|第?\d{1,2}版|\d{1,2}|[A-Z]\d{1,2}版?)$")
_CONTINUED = re.compile(rf"^{_OPEN}[上紧]接.{{0,4}}?第?\S{{1,4}}版.{{0,4}}?{_CLOSE}")
_TAG = re.compile(r"^[【\[〖](?!记者|.*报导)[^】\]〗。]{1,12}[】\]〗]$")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}(?:、|$)|第?[一二三四五六七八九十]{1,2}[，是、](?=.{4})|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|[①-⑳]"
    r"|第[一二三四五六七八九十百\d]{1,4}[编章节部](?:分|\s|$))"
)
# 江城书展—— “读书真快乐！”, 江城新桥通车 两岸真方便！: a headline of two parts, though it ends as a sentence does
_PARTS = re.compile("—— |^[^。]{4,30}[\u4e00-\u9fff] [\u4e00-\u9fff][^。]{3,30}[！？]$")
_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|\*\*)|\*\*\s*$")
_SPECIAL = "(（〔【[「■□◆●▲◎★☆发來来"
_PROSE_END = "。！？!?；;…．"
_CLOSERS = "”’」』）)】》\"'"
_NOTE_ENDS = frozenset(")）】〕]完■□◆◇●▲★☆※◎▣▇█dD")

_PROSE = 16  # full-width characters
HEADING_LENGTH = 60  # full-width characters; the longest headlines of People's Daily 2023 reach 57


def width(text: str) -> float:
    """Return how wide `text` is printed, in full-width characters; ASCII takes half a square."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


def ends_sentence(text: str) -> bool:
    """Tell whether the last mark of `text`, closing quotes and brackets aside, ends a sentence.

    What papers print behind the last mark (…。（完）, …。（记者 安澜）, …。■) is looked past, and so is one of them
    that stands in the place of the mark.
    """
    bare = text.rstrip(_CLOSERS)
    if bare and bare[-1] in _PROSE_END:
        return True
    if len(bare) < len(text) and text[0] in "(（「【" and len(text) < 200:
        return True  # a whole line in brackets, such as an author's note
    if text[-1] in _NOTE_ENDS and len(text) > 2:
        body = _END_NOTES.sub("", text[-120:]).rstrip(_CLOSERS + " ")
        if body[-1:] in _PROSE_END and body:
            return True
        if text[-1] in _CLOSERS and _SURE_END.search(text[-60:]) and ("，" in text or "。" in text or len(text) > 40):
            return True
    return text.endswith((".", '."', ".'", ".”")) and text[-2:-1].isascii()


def is_dateline(text: str) -> bool:
    """Tell whether `text` opens as a news agency's or a paper's report does."""
    return bool(_DATELINE.match(text[:40]))


def is_date(text: str) -> bool:
    """Tell whether `text` is a date alone, as a letter and an essay end with (2023年3月5日于江城)."""
    return bool(re.match(_DATE, text[:30]))


def is_story_end(text: str) -> bool:
    """Tell whether `text` is a dateline in brackets, as papers set it under the last line of a report."""
    return len(text) < 60 and bool(_STORY_END.match(text))


def is_closing(text: str) -> bool:
    """Tell whether `text` is a line that stands only at an article's end: author's note, dateline, credits."""
    return len(text) < 160 and (is_story_end(text) or bool(_CLOSING.match(text)))


def ends_note(text: str) -> bool:
    """Tell whether `text` ends as an editors' note does that hands over to the articles it announces."""
    return bool(_NOTE_END.search(text[-30:]))


def is_surely_heading(text: str) -> bool:
    """Tell whether a line has a headline's form, which no sentence has: parts set apart, a column's name at its end."""
    if " " in text or text.endswith(("）", "—")):
        return True
    return "——" in text and "。" not in text and bool(re.search("[^—]——[^—]", text))


def is_recurring_heading(text: str) -> bool:
    """Tell whether `text` is a heading that papers print over small items on every page, whatever their subject."""
    return bool(_STANDING.match(text))


def has_notice_words(text: str) -> bool:
    """Tell whether `text` is a notice by a word in it (热线, 广告), which a headline may hold too."""
    return bool(_NOTICE.search(text)) and not re.search(r"[:：]|\d{4}|www|版$", text)


def is_dependent_head(text: str) -> bool:
    """Tell whether `text` is a heading over a box that belongs to the article beside it (名词解释, 相关链接)."""
    return bool(_DEPENDENT.match(text))


def jump_line_length(text: str) -> int:
    """Return the length of a mark such as "(上接1版)" at the head of `text`, or 0."""
    found = _CONTINUED.match(text[:30])
    return found.end() if found else 0


def strip_markdown(text: str) -> str:
    """Return a heading without the Markdown marks that a recogniser put round it."""
    if "#" in text or "**" in text:  # seldom; the pattern is tried at every character
        text = _MARKDOWN.sub("", text)
    return text.strip()


def classify_line(text: str) -> str:
    """Return `byline`, `caption`, `notice`, `tag`, `mark`, `heading` or `body` for one paragraph in Simplified script.

    `tag` is a column's name in brackets, `mark` a continuation mark alone; a `heading` may be a headline, a sub-heading
    or a running head: its place tells.
    """
    text = strip_markdown(text)
    if not text or (text[0] in "<|" and is_unread(text)):
        return "notice"
    if len(text) > 500 or (len(text) > 130 and text[0] not in _SPECIAL and "摄" not in text[-24:]):
        return "body"  # no byline and no notice is that long; the patterns take time
    return _kind_of_line(text)


@lru_cache(maxsize=16_384)  # a line is asked for by its joins, its column and its block; a file of 5 MB has 12,000
def _kind_of_line(text: str) -> str:
    if jump_line_length(text) == len(text) and text:
        return "mark"
    if text.startswith("<figcaption"):
        return "caption"
    if is_unread(text):
        return "notice"
    if _TAG.match(text):
        return "tag"
    if _PAGE_CREDITS.match(text):
        return "notice"
    reported = text[:1] in "(（〔【[「《" and (is_dateline(text) or bool(_LEAD.match(text)))
    if is_story_end(text) or (not reported and _BYLINE.match(text)):
        return "byline"
    if ("摄" in text[-24:] and _PHOTOGRAPHED.match(text)) or (len(text) < 130 and _CAPTION.match(text)):
        return "caption"
    size = width(text)
    if _RUNNING.match(text) or (size < 40 and _NOTICE.search(text)):
        return "notice"
    whole = ends_sentence(text) and not _PARTS.search(text)
    announces = size > 20 and text.endswith(("：", ":")) and "，" in text  # 以下为…后，会见传媒的谈话内容：
    if "。" in text[:-1] and size > _PROSE:
        return "body"  # a sentence that ended inside; no headline has one
    if size <= HEADING_LENGTH and not whole and not announces and not is_dateline(text) and text.count("，") < 3:
        return "heading"
    return "body"


def is_names(text: str) -> bool:
    """Tell whether `text` is nothing but two or more names set apart, perhaps with page numbers between."""
    return bool(_LISTED.match(text))


def is_page_credits(text: str) -> bool:
    """Tell whether `text` opens as the line of a paper's editors does, page by page (一版责编：…)."""
    return bool(_PAGE_CREDITS.match(text[:12]))


def is_numbered(text: str) -> bool:
    """Tell whether `text` opens with a list number (一、 (二) 3.), as sub-headings do and headlines do not."""
    return bool(_NUMBERED.match(text))
