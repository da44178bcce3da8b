"""Lines of web pages and files that nobody reads: buttons, menus, rules, tags, tables. For Simplified text.

Words are those that portals of governments, papers and social networks print round their articles, as public reports of
crawlers show them.
"""

import re

from banmian.text.markup import IMAGE, TAG

_BUTTONS = frozenset(
    "下载 打印 全屏 收藏 加大 还原 减小 字号 字体 大 中 小 关闭 关闭窗口 打印本页 列印此页 列印本页 列印 打印此页 分享 分享到 分享至 转发 点赞 在看 微信 微博 新浪微博 "
    "腾讯微博 qq qq空间 朋友圈 人人网 豆瓣 facebook twitter line 首页 返回 返回首页 返回顶部 回到顶部 返回上一页 上一篇 下一篇 上一页 下一页 上一条 下一条 更多 "
    "展开 展开全文 收起 全文 纠错 举报 评论 我要评论 登录 注册 退出 搜索 检索 无障碍 无障碍浏览 长者模式 适老版 关怀版 繁体 繁体版 简体 简体版 english 手机版 "
    "显示模式 网格 列表 rss 订阅 网站地图 联系我们 关于我们 版权声明 隐私政策 友情链接 区情概览 领导之窗 机构职能 规划计划 政务公开 要闻动态 互动交流 "
    "办事服务 通知公告 政民互动 信息公开 政府信息公开 走进 专题专栏 新闻中心 朗读 播放 暂停 听新闻 语音播报 复制链接 a a+ a- 缩小 放大 正常 默认 特大 超大 标准 "
    "赞 踩 喜欢 已收藏 关注 已关注 阅读 阅读量 浏览量 浏览次数 点击数 来信 留言 写留言 精选留言 设为首页 加入收藏 主题 top menu end 原文 阅读原文 附件 附件下载 "
    "扫一扫 新闻 字级 小型 中型 大型 友善列印 推文 转寄 返回页首 页首 回上一页 回首页".split()
)
_LONE = frozenset(
    "大 中 小 主题 阅读 全文 走进 评论 关注 赞 踩 来信 留言 附件 原文 a line top 正常 标准 喜欢 简体 更多 收藏 下载".split()
)
_CUT = re.compile(
    r"[\s|｜/／·•>＞»›、,，:：()（）【】\[\]〔〕“”\"'_—\-…。!！?？\u2190-\u21ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+"
)
_PHRASES = re.compile(
    r"点击(?:上方|下方|标题|文末|左下|右上|此处|这里|图片|链接|“?阅读原文|蓝色?字|↑|关注)|阅读原文|长按.{0,10}(?:二维码|识别|关注)|扫码关注|扫一扫|识别.{0,4}二维码"
    r"|ICP[备证]|网站标识码|公网?安备|备案号|版权所有|违法和?不良信息|未经(?:书面)?授权|您?(?:现在|当前)?(?:所在)?的?位置[:： ]|分享[到至](?:[:：]|$)|浏览(?:次数|量)[:：]"
    r"|建议使用.{0,12}浏览器|^(?:主办|承办|协办|指导|运营|技术支持)(?:单位)?[:：].{0,80}$|网站地图|返回(?:顶部|首页)|^[上下]一[篇条页][:：]|(?:打印|列印)[本此]页|关闭窗口"
    r"|^[【\[]?(?:字体|字号|字级)(?:大小)?[:：]|显示模式[:：]|^附件\d{0,2}[:：]|客户端$|(?:成为|加入).{0,12}(?:订户|会员)|点(?:个)?[“\"]?(?:赞|在看)[”\"]?|星标|公众号|转载请|免责声明|[Cc]opyright|©|All [Rr]ights"
    r"|(?:相关|推荐|延伸|热门)阅读[:：]?$|热门(?:文章|新闻|推荐)$|责编邮箱|点击进入专题|(?:加载|查看)更多|Cookie|JavaScript"
)
_EDGES = re.compile(
    r"^[^\w“”‘’「」『』《》（）()〔〕【】\[\]<>#*!]+|[^\w“”‘’「」『』《》（）()〔〕【】\[\]<>#*！!？?。…，、；：:]+$"
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
    if len(text) > 130 or "。" in text[:-1]:
        return False
    words = [word for word in _CUT.split(text.lower()) if word]
    if (
        words
        and all(word in _BUTTONS or word.isdigit() for word in words)
        and not all(word.isdigit() for word in words)
    ):
        return len(words) > 1 or words[0] not in _LONE
    return bool(_PHRASES.search(text))


def bare(text: str) -> str:
    """Return a line without emoji and signs at its ends, and without tags: what a reader would quote of it."""
    if "<" in text:
        text = TAG.sub("", text)
    return _EDGES.sub("", text) if not text.isascii() else text
