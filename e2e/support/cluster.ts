// One Hearth of two nodes: they share a database of their own on the PostgreSQL, and the Redis, that `cargo xtask
// e2e` starts and names in the environment. Tests that run side by side have a Redis each, because the ids of
// people are the same in all fresh databases.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { Server } from './server.ts';

const NODES = 2;

/** Starts the nodes. `worker` is the number of the place at which this test runs. */
export async function startCluster(worker: number): Promise<Server[]> {
  const postgres = new URL(variable('HEARTH_E2E_POSTGRES_URL'));
  const redis = variable('HEARTH_E2E_REDIS_URLS').split(',')[worker];
  if (redis === undefined) {
    throw new Error(`there is no Redis for worker ${worker}: xtask starts as many as playwright.config.ts has workers`);
  }
  await ask(redis, 'FLUSHALL', '+OK');
  const database = `e2e_${randomUUID().replaceAll('-', '')}`;
  const run = promisify(execFile);
  await run(variable('HEARTH_E2E_PSQL'), [postgres.href, '--quiet', '--command', `CREATE DATABASE ${database}`]);
  postgres.pathname = `/${database}`;
  const shared: Record<string, string> = { DATABASE_URL: postgres.href, REDIS_URL: redis };
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

/** One command for Redis, and the answer that it must give. */
async function ask(url: string, command: string, wanted: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(5_000, () => socket.destroy(new Error(`${url} does not answer`)));
  socket.write(`${command}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (answer.toString().trimEnd() !== wanted) {
    throw new Error(`${command}: ${answer.toString()}`);
  }
}
