/**
 * A raise of the stores' schema by one, for one kind of store. Migrations go forward only, each that changes something is one file, and the
 * list of a kind ends with the present schema.
 */
export interface Migration<Step> {
  /** The schema that it leads to. */
  readonly to: number
  /** What changes and why, for a person. */
  readonly describe: string
  readonly steps: readonly Step[]
}

/** A part of a migration on a server: idempotent, so that one that was broken off is run again, and safe while workers are at work. */
export interface ServerStep<Server> {
  /** The collection. */
  readonly of: string
  /** Documents that it would change now. */
  count(server: Server): Promise<number>
  /** Changes them; how many. */
  run(server: Server): Promise<number>
}

/** The changes that were made, or that a dry run would make. */
export interface MigrationChange {
  readonly to: number
  readonly describe: string
  /** The collection, or the file. */
  readonly of: string
  /** Documents, or tables. */
  readonly count: number
}

export interface MigrationReport {
  /** For a person, without secrets. */
  readonly store: string
  /** Undefined: nothing is there yet. */
  readonly found: number | undefined
  readonly to: number
  readonly changes: readonly MigrationChange[]
  /** The file as it was before, where a copy was made. */
  readonly copy?: string
}

/** The migrations that lead on from a schema, in order. */
export function migrationsFrom<Step>(found: number, migrations: readonly Migration<Step>[]): readonly Migration<Step>[] {
  return migrations.filter(({ to }) => to > found)
}

/** Runs what leads on from a schema, or counts what it would change. */
export async function migrateServer<Server>(options: {
  readonly server: Server
  readonly found: number
  readonly migrations: readonly Migration<ServerStep<Server>>[]
  readonly dryRun: boolean
}): Promise<readonly MigrationChange[]> {
  const { server, found, migrations, dryRun } = options
  const changes: MigrationChange[] = []
  for (const { to, describe, steps } of migrationsFrom(found, migrations)) {
    for (const step of steps) changes.push({ to, describe, of: step.of, count: await (dryRun ? step.count(server) : step.run(server)) })
  }
  return changes
}
