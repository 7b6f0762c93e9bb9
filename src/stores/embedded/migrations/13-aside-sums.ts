import type { Migration } from '../../migration.ts'

/**
 * The sum of what asides have cost was made of all of them whenever it was asked for. Triggers keep it: they bind processes of earlier versions
 * that have the file open as well. An agent's asides are deleted with their agent alone.
 */
export const asideSums: Migration<string> = {
  to: 13,
  describe: 'what the asides of each agent have cost together',
  steps: [
    'CREATE TABLE aside_sum (agent TEXT PRIMARY KEY, prompt INTEGER NOT NULL, cached INTEGER NOT NULL, completion INTEGER NOT NULL, cost INTEGER, unpriced INTEGER NOT NULL) WITHOUT ROWID',
    // A sum of nothing but nulls is null: no price was known.
    `INSERT INTO aside_sum (agent, prompt, cached, completion, cost, unpriced)
      SELECT agent, sum(body ->> '$.usage.promptTokens'), sum(body ->> '$.usage.cachedTokens'), sum(body ->> '$.usage.completionTokens'),
        sum(body ->> '$.usage.costMicros'), count(*) - count(body ->> '$.usage.costMicros')
      FROM aside_cost GROUP BY agent`,
    `CREATE TRIGGER aside_cost_inserted AFTER INSERT ON aside_cost BEGIN
      INSERT INTO aside_sum (agent, prompt, cached, completion, cost, unpriced)
        VALUES (NEW.agent, NEW.body ->> '$.usage.promptTokens', NEW.body ->> '$.usage.cachedTokens', NEW.body ->> '$.usage.completionTokens',
          NEW.body ->> '$.usage.costMicros', NEW.body ->> '$.usage.costMicros' IS NULL)
        ON CONFLICT (agent) DO UPDATE SET prompt = prompt + excluded.prompt, cached = cached + excluded.cached, completion = completion + excluded.completion,
          cost = CASE WHEN excluded.cost IS NULL THEN cost ELSE coalesce(cost, 0) + excluded.cost END, unpriced = unpriced + excluded.unpriced;
    END`,
    'CREATE TRIGGER aside_cost_deleted AFTER DELETE ON aside_cost BEGIN DELETE FROM aside_sum WHERE agent = OLD.agent; END',
  ],
}
