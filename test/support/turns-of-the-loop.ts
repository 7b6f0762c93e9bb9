/** How often others had their turn in the event loop while something was done. */
export async function turnsOfTheLoop(action: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let over = false
  const count = (): void => {
    turns += 1
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  await action()
  over = true
  return turns
}
