import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body: string
  /** The answer begins and goes on for ever, with nothing more. */
  readonly endless?: boolean
}

/** An HTTP server that says what a test tells it to, by path; it remembers what it was asked. */
export class CannedAgent {
  readonly asked: string[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(answer: (url: string, times: number) => Answer): Promise<CannedAgent> {
    const server = createServer((request, response) => {
      const url = request.url ?? ''
      agent.asked.push(url)
      const times = agent.asked.filter((one) => one.split('?')[0] === url.split('?')[0]).length
      const { status = 200, type = 'text/xml', body, endless = false } = answer(url, times)
      response.writeHead(status, { 'content-type': type })
      if (endless) response.write(body)
      else response.end(body)
    })
    const agent = new CannedAgent(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return agent
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

const xmlns = 'xmlns="urn:mtconnect.org:MTConnectStreams:1.3"'

export const devicesDocument = (items: string, instanceId = '1'): string =>
  `<MTConnectDevices xmlns="urn:mtconnect.org:MTConnectDevices:1.3"><Header instanceId="${instanceId}" version="1.3" bufferSize="8"/>
<Devices><Device id="d" name="M" uuid="u"><DataItems>${items}</DataItems></Device></Devices></MTConnectDevices>`

/** `events` are elements under Events; `condition` under Condition. */
export const streamsDocument = (
  { first = 1, next, instanceId = '1' }: { first?: number; next: number; instanceId?: string },
  events: string,
  condition = '',
): string =>
  `<MTConnectStreams ${xmlns}><Header instanceId="${instanceId}" version="1.3" bufferSize="8" firstSequence="${first}" lastSequence="${next - 1}" nextSequence="${next}"/>
<Streams><DeviceStream name="M" uuid="u"><ComponentStream component="Device" componentId="d">
<Events>${events}</Events><Condition>${condition}</Condition></ComponentStream></DeviceStream></Streams></MTConnectStreams>`

export const errorDocument = (code: string): string =>
  `<MTConnectError xmlns="urn:mtconnect.org:MTConnectError:1.3"><Header instanceId="1" version="1.3"/><Errors><Error errorCode="${code}">told so</Error></Errors></MTConnectError>`
