"""Which extra brings a module that a plain ``pip install banmian`` leaves out."""

EXTRA_OF = {
    "anywidget": "notebooks",
    "bertopic": "bertopic",
    "bs4": "formats",
    "cleanlab": "notebooks",
    "cryptography": "scale",
    "cv2": "scan",
    "dask": "scale",
    "distributed": "scale",
    "docx": "formats",
    "ipywidgets": "notebooks",
    "jinja2": "figures",
    "matplotlib": "figures",
    "nbclient": "notebooks",
    "nbformat": "notebooks",
    "openpyxl": "formats",
    "papermill": "notebooks",
    "PIL": "scan",
    "plotly": "figures",
    "pylopdf_fonts_zh_cn": "figures",
    "pypdfium2": "scan",
    "rapidocr": "scan",
}


def install_hint(error: ModuleNotFoundError) -> str | None:
    """Return a sentence that says which extra to install; None for a module that is no part of one."""
    module = (error.name or "").partition(".")[0]
    extra = EXTRA_OF.get(module)
    return extra and f"{module} is not installed; run: python -m pip install 'banmian[{extra}]'"
