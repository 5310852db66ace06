// Where the focus stays.

/** A press of the mouse on the frame leaves the focus in the field. */
export function keepFocus(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
