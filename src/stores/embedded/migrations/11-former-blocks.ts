import type { Migration } from '../../migration.ts'

/** A block that is there still is among them: it is looked for only where it is not, and as it left by then. */
export const formerBlocks: Migration<string> = {
  to: 11,
  describe: "blocks that have left an agent's definition, by their ids and by the labels that they had last",
  steps: [
    'CREATE TABLE former_block (agent TEXT NOT NULL, block TEXT NOT NULL, label TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, block))',
    'CREATE INDEX former_block_label ON former_block (agent, label, version)',
    // The columns beside max() are of the row that has it. "0" is the character after "/".
    `INSERT INTO former_block (agent, block, label, version, body)
      SELECT agent, block.value ->> 'blockId' AS named, block.value ->> 'label', max(version), block.value
      FROM definition_version, json_each(body, '$.definition.blocks') AS block
      WHERE named >= agent || '/' AND named < agent || '0' GROUP BY agent, named`,
  ],
}
