"""Topics of sections: fitted, chosen in number, scored for coherence and stability."""

from banmian.models.topics.fit import assign, fit_topics, topics_over_dates
from banmian.models.topics.result import TopicResult

__all__ = ["TopicResult", "assign", "fit_topics", "topics_over_dates"]
