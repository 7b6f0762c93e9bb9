/** The search attributes by which Temporal's Web UI and command line find agents. All are of type Keyword. */
export const searchAttributeNames = ['PerdureStatus', 'PerdureModel', 'PerdureTenant'] as const
