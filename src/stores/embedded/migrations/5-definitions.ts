import type { Migration } from '../../migration.ts'

/** An agent of before is at version 1 of its definition, which its record holds; what it wrote into its instructions is part of that. */
export const definitions: Migration<string> = {
  to: 5,
  describe: "the versions of each agent's definition, and agents by model and by tag",
  steps: [
    'CREATE TABLE definition_version (agent TEXT NOT NULL, version INTEGER NOT NULL, op TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, version), UNIQUE (agent, op))',
    'CREATE TABLE definition_change (agent TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, id))',
    `UPDATE agent SET body = json_set(body, '$.definition.instructions', json(instructions)) WHERE instructions IS NOT NULL`,
    'ALTER TABLE agent DROP COLUMN instructions',
    `CREATE INDEX agent_model ON agent (body ->> '$.definition.model', id)`,
    // Kept by the file itself, whoever writes a definition.
    'CREATE TABLE agent_tag (tag TEXT NOT NULL, agent TEXT NOT NULL, PRIMARY KEY (tag, agent)) WITHOUT ROWID',
    'CREATE INDEX agent_tag_agent ON agent_tag (agent)',
    `CREATE TRIGGER agent_tagged AFTER INSERT ON agent BEGIN
      INSERT INTO agent_tag (tag, agent) SELECT DISTINCT value, new.id FROM json_each(new.body, '$.definition.tags'); END`,
    `CREATE TRIGGER agent_retagged AFTER UPDATE OF body ON agent BEGIN
      DELETE FROM agent_tag WHERE agent = old.id;
      INSERT INTO agent_tag (tag, agent) SELECT DISTINCT value, new.id FROM json_each(new.body, '$.definition.tags'); END`,
    'CREATE TRIGGER agent_untagged AFTER DELETE ON agent BEGIN DELETE FROM agent_tag WHERE agent = old.id; END',
  ],
}
