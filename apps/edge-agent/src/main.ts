import { DomainError, messageOf, systemClock } from '@throughline/kernel'
import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { driverTypes } from './drivers.ts'
import { EdgeAgent } from './edge-agent.ts'

/**
 * The console of whoever started this process. Once they are gone without a word (kill -9) nobody reads it any more, and
 * pino's own destination would wait for ever to get rid of a line.
 */
const consoleOfStarter = {
  write(line: string): void {
    if (process.send === undefined || process.connected) process.stdout.write(line)
  },
}
process.stdout.on('error', () => {})

try {
  const logger = pino({ base: null, errorKey: 'error' }, consoleOfStarter)
  const agent = new EdgeAgent(readConfig(), driverTypes, systemClock, logger)
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) logger.error(`edge agent fails: ${messageOf(err)}`)
    await agent.stop()
    logger.info(`edge agent stopped${signal === undefined ? '' : ` (${signal})`}`)
  })
  // Whoever started this process is gone without a word (kill -9): nobody would ever stop it.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  await agent.start()
  logger.info('edge agent runs')
} catch (error) {
  process.stderr.write(
    `${error instanceof DomainError ? error.message : `edge agent cannot start: ${messageOf(error)}`}\n`,
  )
  process.exit(1)
}
