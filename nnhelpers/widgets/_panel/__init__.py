"""The wiring of a panel: controls, drawing, transport and timing."""
