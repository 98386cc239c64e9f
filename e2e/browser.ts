/**
 * How Chromium is started everywhere: Debian's own without its windows, which is half the work for each page, and without
 * its attempts to reach the world.
 */
export const chromiumOptions = {
  executablePath: '/usr/bin/chromium-headless-shell',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
