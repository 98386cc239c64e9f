import type { Driver, DriverListener, DriverType } from '@throughline/edge'
import type { PublisherIdentity } from './publication.ts'
import { isOwnAddress, isSameBroker } from './publication.ts'

/**
 * A host application hears everybody on its broker, the agent's own publications too. Each would come in again as a
 * source that no tag asks for, and double the river: what is ours is not heard. A tag that asks for it by address is.
 */
export function withoutOwnEcho(type: DriverType, own: PublisherIdentity): DriverType {
  if (type.name !== 'sparkplug') return type
  return {
    name: type.name,
    checkAddress: (address) => type.checkAddress(address),
    create: (config) => {
      const driver = type.create(config)
      return isSameBroker(config.endpoint, own.url) ? deafToOwn(driver, own) : driver
    },
  }
}

function deafToOwn(driver: Driver, own: PublisherIdentity): Driver {
  const filtered = (listener: DriverListener): DriverListener => ({
    samples: (samples) => {
      // A source without a tag is told under its address, one with a tag under the tag's id.
      const others = samples.filter(({ tag }) => !isOwnAddress(tag, own))
      if (others.length > 0) listener.samples(others)
    },
    lost: (reason) => listener.lost(reason),
    fault: (cause, example) => listener.fault(cause, example),
    document: (document) => listener.document(document),
  })
  return {
    connect: (listener) => driver.connect(filtered(listener)),
    browse: (address) => driver.browse(address),
    read: (tags) => driver.read(tags),
    subscribe: (tags) => driver.subscribe(tags),
    write: (tag, value) => driver.write(tag, value),
    close: () => driver.close(),
  }
}
