// Mail of a Hearth without a mail server: files in the outbox of its data folder.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Server } from './server.ts';

/** The mails to an address, the oldest first, as one reads them. */
export async function mailsTo(server: Server, address: string): Promise<string[]> {
  const names = await readdir(server.outbox).catch(() => [] as string[]);
  const files = names.filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(files.map((name) => readFile(join(server.outbox, name), 'utf8')));
  return mails.filter((mail) => new RegExp(`^To: .*${escape(address)}`, 'm').test(mail)).map(decoded);
}

/** The path of the newest link of a kind that was sent to an address, once there are so many. */
export async function linkTo(server: Server, address: string, kind: string, number = 1): Promise<string> {
  const links = async () => {
    const mails = await mailsTo(server, address);
    const found = mails.map((mail) => new RegExp(`http[^\\s"<>]*(/${kind}#[\\w.-]+)`).exec(mail)?.[1]);
    return found.filter((link) => link !== undefined);
  };
  await expect.poll(async () => (await links()).length, `links to /${kind} for ${address}`).toBeGreaterThanOrEqual(number);
  return (await links()).at(-1) ?? '';
}

/** Quoted-printable text, as it was before. */
function decoded(mail: string): string {
  return mail.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
