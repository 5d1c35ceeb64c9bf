import acme from 'acme-client'
import { makeKey } from './account.js'
import { type Challenge, type ChallengePlaces, clearChallenges, placeChallenges } from './challenges.js'

/** A certificate with its chain, and its key; PEM. */
export interface Issued {
  chain: string
  key: string
}

/** Orders one certificate for these names (RFC 8555 §7.4): shows that they are ours, and waits until it is there. Throws what the authority says. */
export async function orderCertificate(
  client: acme.Client,
  names: readonly string[],
  places: ChallengePlaces,
): Promise<Issued> {
  const order = await client.createOrder({ identifiers: names.map((value) => ({ type: 'dns', value })) })
  const open = (await client.getAuthorizations(order)).filter(({ status }) => status !== 'valid')
  const asked = open.map((authorization) => chooseChallenge(authorization, places))
  const challenges: Challenge[] = []
  for (const { name, challenge } of asked) {
    const answer = await client.getChallengeKeyAuthorization(challenge)
    challenges.push({ name, type: challenge.type as Challenge['type'], token: challenge.token, answer })
  }
  try {
    await placeChallenges(places, challenges)
    for (const { challenge } of asked) await client.completeChallenge(challenge)
    for (const { challenge } of asked) await client.waitForValidStatus(challenge)
    const key = makeKey()
    const [, request] = await acme.crypto.createCsr({ altNames: [...names] }, key)
    const done = await client.finalizeOrder(order, request)
    return { chain: await client.getCertificate(done), key }
  } finally {
    await clearChallenges(places, challenges)
  }
}

type Authorization = Awaited<ReturnType<acme.Client['getAuthorizations']>>[number]

/** By DNS where the zone is ours, which a wildcard needs; else by HTTP. */
function chooseChallenge({ identifier, wildcard, challenges }: Authorization, { records }: ChallengePlaces) {
  const name = identifier.value
  const type = records?.covers(name) ? 'dns-01' : 'http-01'
  const challenge = challenges.find((one) => one.type === type)
  if (!challenge || (wildcard && type !== 'dns-01'))
    throw new Error(`${name}: the authority offers no way to show that it is ours`)
  return { name, challenge }
}
