import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Cheap tests before dear ones, so that what is broken is known early. By folder; what is not named here comes first. */
const dearest = ['test/servers', 'test/stores', 'test/stack', 'test/cli', 'test/page', 'test/workflows', 'test/replay', 'test/faults']
const projects = ['parts', 'parts apart', 'commands', 'runtimes', 'agents', 'agents over HTTP on MongoDB and Qdrant', 'page', 'agents on MongoDB and Qdrant', 'faults of parts', 'faults of the page', 'faults of agents', 'faults of agents over HTTP on MongoDB and Qdrant', 'faults of agents on MongoDB and Qdrant', 'faults', 'faults by overload']

export class CheapFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => costOf(a) - costOf(b) || a.moduleId.localeCompare(b.moduleId))
  }
}

function costOf({ moduleId, project }: TestSpecification): number {
  return projects.indexOf(project.name) * dearest.length * 2 + dearest.findIndex((folder) => moduleId.includes(`/${folder}/`))
}
