/** A file that is dropped where nothing takes it would be opened in the page's place, and what is being written there would be left. */
export function refuseStrayFiles(): void {
  addEventListener('dragover', (event) => {
    if (event.defaultPrevented || event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  })
  addEventListener('drop', (event) => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
  })
}
