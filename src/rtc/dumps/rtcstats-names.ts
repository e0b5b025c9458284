/**
 * The numbers by which rtcstats writes names, to keep its files small. They are fixed once given.
 *
 * @see rtcstats-shared, compression (github.com/rtcstats/rtcstats)
 */
const methodGroups: readonly (readonly [first: number, names: string])[] = [
  [
    1,
    `getStats createOffer createOfferOnSuccess createAnswer createAnswerOnSuccess
     setLocalDescription setLocalDescriptionOnSuccess setRemoteDescription setRemoteDescriptionOnSuccess
     addIceCandidate addIceCandidateOnSuccess createOfferOnFailure createAnswerOnFailure
     setLocalDescriptionOnFailure setRemoteDescriptionOnFailure addIceCandidateOnFailure`,
  ],
  [
    20,
    `onicecandidate onicecandidateerror ontrack onsignalingstatechange oniceconnectionstatechange
     onconnectionstatechange onicegatheringstatechange onnegotiationneeded ondatachannel`,
  ],
  [
    30,
    `addTrack addTrackOnSuccess addTransceiver addTransceiverOnSuccess removeTrack createDataChannel close
     restartIce setConfiguration create constraints setCodecPreferences setHeaderExtensionsToNegotiate`,
  ],
  [50, 'setParameters replaceTrack'],
  [
    60,
    `navigator.mediaDevices.getUserMedia navigator.mediaDevices.getUserMediaOnSuccess -
     navigator.mediaDevices.getDisplayMedia navigator.mediaDevices.getDisplayMediaOnSuccess
     navigator.mediaDevices.getUserMediaOnFailure navigator.mediaDevices.enumerateDevices
     navigator.mediaDevices.ondevicechange navigator.mediaDevices.getDisplayMediaOnFailure`,
  ],
  [
    70,
    `MediaStreamTrack.stop MediaStreamTrack.applyConstraints MediaStreamTrack.onended
     MediaStreamTrack.onmute MediaStreamTrack.onunmute`,
  ],
  [80, 'HTMLMediaElement.resize'],
];

const statTypes = `inbound-rtp outbound-rtp remote-inbound-rtp remote-outbound-rtp transport candidate-pair
  local-candidate remote-candidate data-channel peer-connection certificate media-source media-playout codec`;

/** From number 4 on; “-” is a number that is not used any more. */
const statMembers = `payloadType transportId mimeType clockRate channels sdpFmtpLine ssrc kind codecId -
  packetsReceived packetsLost jitter trackIdentifier mid remoteId framesDecoded keyFramesDecoded framesDropped
  frameWidth frameHeight framesPerSecond qpSum totalDecodeTime totalInterFrameDelay totalSquaredInterFrameDelay
  pauseCount totalPausesDuration freezeCount totalFreezesDuration lastPacketReceivedTimestamp headerBytesReceived
  packetsDiscarded fecPacketsReceived fecPacketsDiscarded fecBytesReceived fecSsrc bytesReceived nackCount firCount
  pliCount totalProcessingDelay estimatedPlayoutTimestamp jitterBufferDelay jitterBufferTargetDelay
  jitterBufferEmittedCount jitterBufferMinimumDelay totalSamplesReceived concealedSamples silentConcealedSamples
  concealmentEvents insertedSamplesForDeceleration removedSamplesForAcceleration audioLevel totalAudioEnergy
  totalSamplesDuration framesReceived decoderImplementation playoutId powerEfficientDecoder
  framesAssembledFromMultiplePackets totalAssemblyTime contentType googTimingFrameInfo retransmittedPacketsReceived
  retransmittedBytesReceived rtxSsrc totalCorruptionProbability totalSquaredCorruptionProbability
  corruptionMeasurements localId roundTripTime totalRoundTripTime fractionLost roundTripTimeMeasurements packetsSent
  bytesSent mediaSourceId rid encodingIndex headerBytesSent retransmittedPacketsSent retransmittedBytesSent
  targetBitrate totalEncodedBytesTarget framesSent hugeFramesSent framesEncoded keyFramesEncoded totalEncodeTime
  totalPacketSendDelay qualityLimitationReason qualityLimitationDurations qualityLimitationResolutionChanges
  encoderImplementation powerEfficientEncoder active scalabilityMode remoteTimestamp reportsSent echoReturnLoss
  echoReturnLossEnhancement width height frames synthesizedSamplesDuration synthesizedSamplesEvents totalPlayoutDelay
  totalSamplesCount dataChannelsOpened dataChannelsClosed label protocol dataChannelIdentifier state messagesSent
  messagesReceived iceRole iceLocalUsernameFragment dtlsState iceState selectedCandidatePairId localCertificateId
  remoteCertificateId tlsVersion dtlsCipher dtlsRole srtpCipher selectedCandidatePairChanges rtcpTransportStatsId
  address port candidateType priority url relayProtocol foundation relatedAddress relatedPort usernameFragment tcpType
  networkType - - localCandidateId remoteCandidateId nominated lastPacketSentTimestamp currentRoundTripTime
  availableOutgoingBitrate availableIncomingBitrate requestsReceived requestsSent responsesReceived responsesSent
  consentRequestsSent packetsDiscardedOnSend bytesDiscardedOnSend - fingerprint fingerprintAlgorithm
  base64Certificate issuerCertificateId psnrMeasurements psnrSum packetsReceivedWithEct1 packetsReceivedWithCe
  packetsReportedAsLost packetsReportedAsLostButRecovered packetsWithBleachedEct1Marking packetsSentWithEct1
  ccfbMessagesSent ccfbMessagesReceived`;

const numbered = (first: number, names: string): [string, string][] =>
  names
    .split(/\s+/)
    .map((name, index): [string, string] => [String(first + index), name])
    .filter(([, name]) => name !== '-');

const methods = new Map([
  ...methodGroups.flatMap(([first, names]) => numbered(first, names)),
  ['g', 'getStats'] as const,
]);
const types = new Map(numbered(1, statTypes));
const members = new Map([...numbered(4, statMembers), ['t', 'timestamp'] as const]);

/** The name of an event; a name that is no number of ours stays what it is. */
export const methodName = (key: unknown): string => methods.get(String(key)) ?? String(key);
export const statTypeName = (key: unknown): unknown => types.get(String(key)) ?? key;
export const statMemberName = (key: string): string => members.get(key) ?? key;
