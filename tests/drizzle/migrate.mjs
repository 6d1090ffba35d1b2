// Runs drizzle-orm's own migrate(): node migrate.mjs v0|v1|beta, one job a line of JSON on stdin, one answer a line.
// A job: {"driver", "dsn", "root", "folder", "table", "schema", "before", "disturb"}; `before` is SQL to run first; without
// a folder, nothing else is run. `disturb` (node-postgres) is disturb.mjs's: {"at", "within"} or {"table"}.
// An answer: how migrate() went, which queries it sent, and what the database holds afterwards.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { disturbed } from "./disturb.mjs";

const version = process.argv[2];
const require = createRequire(new URL(`./${version}/package.json`, import.meta.url));
console.log = () => {}; // the betas print a warning

// The HTTP drivers' services are not at hand: their migrators run over node-postgres' session, which has the same calls.
const borrowed = { "neon-http": "node-postgres", "xata-http": "node-postgres" };
const open = {
  async "node-postgres"(dsn, logger) {
    const { Client } = require("pg");
    const client = new Client({ connectionString: dsn });
    await client.connect();
    const db = require("drizzle-orm/node-postgres").drizzle({ client, logger });
    const between = (disturb) => disturbed(client, admin, disturb);
    const admin = async () => {
      const other = new Client({ connectionString: dsn });
      await other.connect();
      return other;
    };
    return { db, between, query: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
  },
  async "postgres-js"(dsn, logger) {
    const url = new URL(dsn.replace("@/", "@socket/"));
    const where = { host: url.searchParams.get("host"), database: url.pathname.slice(1), username: url.username };
    const client = require("postgres")({ ...where, max: 1, onnotice() {} });
    const db = require("drizzle-orm/postgres-js").drizzle({ client, logger });
    return { db, query: (sql) => client.unsafe(sql), close: () => client.end() };
  },
  async pglite(dsn, logger) {
    const { PGlite } = require("@electric-sql/pglite");
    const client = (databases[dsn] ??= await PGlite.create());
    const db = require("drizzle-orm/pglite").drizzle({ client, logger });
    return { db, query: async (sql) => (await client.exec(sql)).at(-1).rows, close() {} };
  },
  async "pg-proxy"(dsn, logger) {
    const { Client } = require("pg");
    const client = new Client({ connectionString: dsn });
    await client.connect();
    const answer = async (text, values, method) => {
      const found = await client.query({ text, values, rowMode: method === "all" ? "array" : undefined });
      return { rows: found.rows };
    };
    const callback = async (queries) => {
      for (const query of queries) {
        logger.logQuery(query);
        await client.query(query);
      }
    };
    const db = require("drizzle-orm/pg-proxy").drizzle(answer);
    return { db, callback, query: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
  },
};
const databases = {};

async function run({ driver, dsn, root, folder, table, schema, before, disturb }) {
  const sent = [];
  const { db, callback, between, query, close } = await open[borrowed[driver] ?? driver](dsn, { logQuery: (sql) => sent.push(sql) });
  const config = { migrationsFolder: folder, migrationsTable: table, migrationsSchema: schema };
  try {
    if (before) await query(before);
    if (!folder) return { ok: true, sent, ...(await held(query)) };
    process.chdir(root);
    const { migrate } = require(`drizzle-orm/${driver}/migrator`);
    const watch = disturb && (await between(disturb));
    const error = await (callback ? migrate(db, callback, config) : migrate(db, config)).then(() => null, (error) => error);
    if (watch) await watch.leave();
    if (error && disturb?.at) return { ...outcome(error), sent, seen: watch.seen, rows: {}, relations: [] };
    if (error) await query("ROLLBACK");
    if (watch) return { ...outcome(error), sent, seen: watch.seen, ...(await held(query)) };
    return { ...outcome(error), sent, ...(await held(query)) };
  } finally {
    await close();
  }
}

function outcome(error) {
  if (!error) return { ok: true };
  const { message, code, name } = error.cause ?? error;
  return { ok: false, name, message, sqlstate: code ?? null, query: error.query ?? null };
}

async function held(query) {
  const tables = await query(
    "SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace " +
      "WHERE relname IN ('__drizzle_migrations', 'applied') AND relkind = 'r'",
  );
  const relations = await query(
    "SELECT relname, coalesce(indisvalid, true) AS valid FROM pg_class LEFT JOIN pg_index ON indexrelid = pg_class.oid " +
      "WHERE relnamespace = 'public'::regnamespace AND relname !~ '^__drizzle' ORDER BY 1",
  );
  const rows = {};
  for (const { name } of tables) rows[name] = await query(`SELECT to_jsonb(m) AS row, xmin::text FROM ${name} AS m ORDER BY id`);
  return { rows, relations };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await run(JSON.parse(line))) + "\n");
}
