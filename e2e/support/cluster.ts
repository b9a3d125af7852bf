// One Hearth of two nodes: they share a database of their own on the PostgreSQL, and the Redis, that `cargo xtask
// e2e` starts and names in the environment. In Redis each database has names of its own, so that tests that run at
// the same time do not hear each other.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Server } from './server.ts';

const NODES = 2;

export async function startCluster(): Promise<Server[]> {
  const postgres = new URL(variable('HEARTH_E2E_POSTGRES_URL'));
  const database = `e2e_${randomUUID().replaceAll('-', '')}`;
  const run = promisify(execFile);
  await run(variable('HEARTH_E2E_PSQL'), [postgres.href, '--quiet', '--command', `CREATE DATABASE ${database}`]);
  postgres.pathname = `/${database}`;
  const shared: Record<string, string> = { DATABASE_URL: postgres.href, REDIS_URL: variable('HEARTH_E2E_REDIS_URL') };
  const nodes: Server[] = [];
  try {
    for (let number = 0; number < NODES; number += 1) {
      const node = await Server.start(shared);
      nodes.push(node);
      // The first one made the secret.
      shared.HEARTH_SECRET_FILE ??= node.secretFile;
    }
  } catch (error) {
    await Promise.all(nodes.map((node) => node.dispose()));
    throw error;
  }
  return nodes;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: tests with several nodes are run by \`cargo xtask e2e\``);
  }
  return value;
}
