import { Component, type ComponentChildren, type FunctionComponent } from 'preact'

/** Draws again only when one of the properties is another one. */
export function memo<Props extends object>(draw: (props: Props) => ComponentChildren): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const present: Props = this.props
      return Object.keys(next).some((name) => name !== 'children' && next[name as keyof Props] !== present[name as keyof Props])
    }

    override render(): ComponentChildren {
      return draw(this.props)
    }
  }
  return Memo as unknown as FunctionComponent<Props>
}
