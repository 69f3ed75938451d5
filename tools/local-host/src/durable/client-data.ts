/** What the durableClient binding gives to durable-functions: where the host's durable API is and how to reach it. */
export interface ClientAddress {
  /** Base address of the host. */
  url: string
  hubName: string
  functionKey: string
  /** Base of the client's own calls, ending in a slash; it holds a secret, for the SDK can add no key there. */
  rpcBaseUrl: string
}

const webhooks = '/runtime/webhooks/durabletask'
const idPlaceholder = 'INSTANCEID'

/** The links that a started instance answers with; with the placeholder as id they are the SDK's templates. */
export function managementUrls({ url, hubName, functionKey }: ClientAddress, id: string): Record<string, string> {
  const base = `${url}${webhooks}/instances/${id === idPlaceholder ? id : encodeURIComponent(id)}`
  const query = requiredQuery(hubName, functionKey)
  return {
    id,
    statusQueryGetUri: `${base}?${query}`,
    sendEventPostUri: `${base}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${base}/terminate?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${base}?${query}`,
    suspendPostUri: `${base}/suspend?reason={text}&${query}`,
    rewindPostUri: `${base}/rewind?reason={text}&${query}`,
    restartPostUri: `${base}/restart?${query}`,
    resumePostUri: `${base}/resume?reason={text}&${query}`,
  }
}

const requiredQuery = (hubName: string, key: string): string => `taskHub=${encodeURIComponent(hubName)}&connection=Storage&code=${encodeURIComponent(key)}`

/** JSON text of the durableClient binding. */
export function clientData(address: ClientAddress): string {
  const query = requiredQuery(address.hubName, address.functionKey)
  const create = `${address.url}${webhooks}/orchestrators/{functionName}[/{instanceId}]?${query}`
  return JSON.stringify({
    taskHubName: address.hubName,
    creationUrls: { createNewInstancePostUri: create, createAndWaitOnNewInstancePostUri: create },
    managementUrls: managementUrls(address, idPlaceholder),
    baseUrl: `${address.url}${webhooks}`,
    requiredQueryStringParameters: query,
    rpcBaseUrl: address.rpcBaseUrl,
  })
}
