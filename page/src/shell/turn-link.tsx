import { Link } from './link.tsx'

/** Leads to what was said in that turn. */
export const TurnLink = ({ agentId, turn }: { readonly agentId: string; readonly turn: number }) => (
  <Link to={{ agent: agentId, view: 'chat', rest: [String(turn)] }}>turn {turn}</Link>
)
