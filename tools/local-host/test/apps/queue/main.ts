import { app } from '@azure/functions'

app.storageQueue('listener', { queueName: 'work', connection: 'AzureWebJobsStorage', handler: () => undefined })
