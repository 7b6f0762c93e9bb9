/**
 * What somebody has selected in there, to be selected again once its texts have grown: a browser lets go of it where a text gets another value.
 * Undefined where nothing there is selected.
 */
export function selectionWithin(box: Node): (() => void) | undefined {
  const selection = getSelection()
  if (selection === null || selection.isCollapsed) return undefined
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection
  if (anchorNode === null || focusNode === null || !(box.contains(anchorNode) || box.contains(focusNode))) return undefined
  return () => {
    const isAsItWas = selection.anchorNode === anchorNode && selection.anchorOffset === anchorOffset && selection.focusNode === focusNode && selection.focusOffset === focusOffset
    if (isAsItWas || !isThere(anchorNode, anchorOffset) || !isThere(focusNode, focusOffset)) return
    selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset)
  }
}

const isThere = (node: Node, offset: number): boolean => node.isConnected && offset <= (node instanceof Text ? node.length : node.childNodes.length)
