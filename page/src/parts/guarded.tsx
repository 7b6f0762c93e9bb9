import { Component, type ComponentChildren } from 'preact'
import { Problem } from './problem.tsx'

/** What can't be drawn takes nothing else along: the rest of the page stays, and it may be tried again. */
export class Guarded extends Component<{ readonly children: ComponentChildren }, { readonly error?: unknown }> {
  static override getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render(): ComponentChildren {
    const { error } = this.state
    return error === undefined ? this.props.children : <Problem error={error} again={() => this.setState({ error: undefined })} />
  }
}
