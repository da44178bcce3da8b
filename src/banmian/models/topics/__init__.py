"""Topics of sections: fitted, chosen in number, scored for coherence and stability."""

from banmian.models.topics.fit import TopicResult, assign, fit_topics, topics_over_dates

__all__ = ["TopicResult", "assign", "fit_topics", "topics_over_dates"]
