/** Makes the alarm module: give its module to the platform, then `watch.open()` it and let it hear every durable batch. */
export { type AlarmOptions, type AlarmWatching, alarmModule, type ExternalAlarm } from './alarm.ts'
/** What a machine says of its own alarm beside whether it stands. */
export type { HeardMachine } from './condition/evaluation.ts'
/** What an alarm has to know of the plant's model. */
export type { AlarmPlant } from './definition/plant.ts'
/** How people are called by e-mail. */
export type { MailOptions } from './notification/call/mail.ts'
/** How people and programs are called. */
export type { NotificationOptions } from './notification/notification.ts'
/** What the watch asks of the historian. */
export type { KeptSample, SampleSource } from './watch/watch.ts'
/** Asks what equipment was busy with. */
export type { BusyWith } from './watch/writer.ts'
