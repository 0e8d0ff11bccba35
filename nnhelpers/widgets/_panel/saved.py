"""What a reader takes away from a panel: a page, films, and pictures where there are no widgets."""

from pathlib import Path
from typing import Any

from nnhelpers.widgets._panel import pages, saving


class Saved:
    """The part of a panel that gives itself away."""

    def still_html(self) -> str:
        """Return what a front end without widgets shows."""
        return saving.still_html(self)

    def still_words(self) -> str:
        """Return the same for a terminal."""
        return self.summary

    def save_html(self, path: str | Path) -> None:
        """Write one self-contained page whose sliders and scenes work without a kernel.

        The first controls and the switches can be moved, as many and as finely as 5 MB allow; the
        scenes set the others. An existing file is replaced only when the new one is complete.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        """
        pages.save_page(self, path=path)

    def save_gif(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write a GIF in which the main control sweeps from end to end, for slides.

        Parameters
        ----------
        path : str or path
            Replaced only when the new file is complete.
        seconds : float
            For one sweep, from 0.1 to 600.

        Raises
        ------
        FileNotFoundError, ValueError
            If the folder does not exist, or the seconds are out of range.
        """
        saving.save_gif(self, path=path, seconds=seconds)

    def save_mp4(self, path: str | Path, *, seconds: float = 6.0) -> None:
        """Write an MP4 film of the same sweep.

        Raises
        ------
        RuntimeError, FileNotFoundError, ValueError
            If ffmpeg is not installed, or as `save_gif`.
        """
        saving.save_mp4(self, path=path, seconds=seconds)

    def state(self) -> str:
        """Return the controls' positions, and the seed, as a short string for `restore`."""
        return saving.write_state(self._identity, self._accepted)

    # With ipywidgets 7 IPython would ask this, and get no pictures.
    _ipython_display_ = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Live in a front end with widgets; elsewhere pictures with words."""
        self._screen.expect_an_answer()
        live = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {
            "application/vnd.jupyter.widget-view+json": live,
            "text/html": self.still_html(),
            "text/plain": self.still_words(),
        }
