import { AppError } from '../../model/errors.js'
import { type DnsSettings, sendText } from './nsupdate.js'

/** TXT records below the zone whose names are ours to tell; with them an authority is shown that a name is the platform's (RFC 8555 §8.4). */
export interface TextRecords {
  /** Whether the name is in the zone. */
  covers(name: string): boolean
  /** Makes these the only texts of the name; none: it goes away. AppError `unavailable` when the DNS server does not take it. */
  set(name: string, texts: readonly string[]): Promise<void>
}

export function openTextRecords(settings: DnsSettings): TextRecords {
  return {
    covers: (name) => name === settings.zone || name.endsWith(`.${settings.zone}`),
    async set(name, texts) {
      const answer = await sendText(settings, name, texts)
      if (answer === 'NOERROR') return
      throw new AppError('unavailable', `The DNS server did not take the record ${name}: ${answer}.`)
    },
  }
}
