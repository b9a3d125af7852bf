// The address that stands in the daily mails of somebody, made as the server makes it: no test waits for a morning.
import { createHmac, hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from './server.ts';

export async function unsubscribeLink(server: Server, id: string): Promise<string> {
  const root = Buffer.from((await readFile(server.secretFile, 'utf8')).trim(), 'base64');
  const key = Buffer.from(hkdfSync('sha256', root, 'hearth/v1', 'end of digests', 32));
  const whose = Buffer.alloc(8);
  whose.writeBigInt64BE(BigInt(id));
  const token = Buffer.concat([whose, createHmac('sha256', key).update(whose).digest()]);
  return `/unsubscribe?token=${token.toString('base64url')}`;
}
