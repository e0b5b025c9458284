/** Browsers that live in a namespace of the laboratory, driven from outside of it. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox, type Browser } from 'playwright';
import type { Device } from './topology.ts';

export type BrowserName = 'chromium' | 'firefox';

const folder = mkdtempSync(join(tmpdir(), 'natlab-'));

/** Starts a browser on a device. @throws {Error} when Firefox is not named in `FIREFOX_PATH` */
export function launch(name: BrowserName, device: Device): Promise<Browser> {
  return name === 'chromium' ? launchChromium(device) : launchFirefox(device);
}

/** Playwright speaks to Chromium over two pipes, which pass into the namespace as they are. */
function launchChromium(device: Device): Promise<Browser> {
  return chromium.launch({
    executablePath: standIn(device, `ip netns exec ${device} ${process.env['CHROMIUM_PATH'] ?? 'chromium'}`),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--ignore-certificate-errors', // TURN over TLS has nobody to ask
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
    ],
  });
}

function launchFirefox(device: Device): Promise<Browser> {
  const path = process.env['FIREFOX_PATH'];
  if (!path) throw new Error('FIREFOX_PATH names no Firefox');
  const script = join(import.meta.dirname, 'firefox-inside.mjs');
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: standIn(`${device}-firefox`, `node ${script} ${device} ${path}`),
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
    },
  });
}

/** A program that runs another one with what it is given itself. */
function standIn(name: string, command: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec ${command} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}
