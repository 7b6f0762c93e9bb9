interface Turn {
  readonly id: string
}

export interface BareActivities {
  think(turn: Turn): Promise<Turn>
  record(turn: Turn): Promise<Turn>
  endTurn(turn: Turn): Promise<Turn>
}

const same = async (turn: Turn): Promise<Turn> => turn

export const bareActivities: BareActivities = { think: same, record: same, endTurn: same }
