package dev.rivulet.tracker.tls;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * A certificate with its private key, which belong together.
 *
 * @param chain the server's own certificate, then those that lead to its authority
 * @param key of the first of them
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    /** For how long before a certificate ends its end is warned of: certbot renews 30 days before. */
    static final Duration WARNED_BEFORE = Duration.ofDays(14);

    private static final String ALIAS = "tracker";

    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * A file's text.
     *
     * @param setting the key of the setting that names it
     * @param path for messages
     */
    record Pem(String setting, String path, String text) {
        ConfigException refusal(String remedy) {
            return new ConfigException(setting, path, remedy);
        }
    }

    /** Throws {@link ConfigException}, naming the file and the remedy, when they are not what they should be. */
    static TlsIdentity parse(Pem certificate, Pem key) {
        TlsIdentity identity = new TlsIdentity(certificates(certificate), privateKey(key));
        if (!identity.belongsTogether()) {
            throw key.refusal("does not belong to the first certificate of tls-certificate (" + certificate.path()
                    + "); name the key that the certificate was made for, and put the server's own certificate first");
        }
        return identity;
    }

    /** What an operator should know about the time in which the certificate holds. */
    public Optional<String> complaint(Instant now) {
        X509Certificate own = chain.get(0);
        Instant end = own.getNotAfter().toInstant();
        Instant begin = own.getNotBefore().toInstant();
        if (now.isAfter(end)) {
            return Optional.of("has expired at " + end + ", so that browsers refuse it; renew it");
        }
        if (now.isBefore(begin)) {
            return Optional.of("is not valid before " + begin + "; check this machine's clock");
        }
        return now.plus(WARNED_BEFORE).isAfter(end)
                ? Optional.of("expires at " + end + "; see why it is not renewed")
                : Optional.empty();
    }

    /** When the certificate expires. */
    Instant end() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** What a server shows its clients; anew each time, so that no session of a former one is resumed. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            // Clients show no certificates, so there is nobody to trust.
            context.init(keys.getKeyManagers(), new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory takes a key and its certificates", e);
        }
    }

    private boolean belongsTogether() {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> throw new IllegalStateException("an unknown algorithm: " + key.getAlgorithm());
                };
        byte[] sample = ALIAS.getBytes(StandardCharsets.UTF_8);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(chain.get(0).getPublicKey());
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A key of another kind than the certificate's.
            return false;
        }
    }

    private static List<X509Certificate> certificates(Pem pem) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Object object : objects(pem)) {
                if (object instanceof X509CertificateHolder holder) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (CertificateException e) {
            throw pem.refusal("holds a certificate that cannot be read (" + e.getMessage() + "); name another file");
        }
        if (chain.isEmpty()) {
            throw pem.refusal("holds no certificate (-----BEGIN CERTIFICATE-----); name the PEM file that does");
        }
        return chain;
    }

    private static PrivateKey privateKey(Pem pem) {
        for (Object object : objects(pem)) {
            if (object instanceof PEMEncryptedKeyPair || object instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw pem.refusal("is encrypted; store it decrypted (openssl pkey -in FILE -out FILE), readable by the"
                        + " tracker's user only");
            }
            if (object instanceof PEMKeyPair pair) {
                return privateKey(pem, pair.getPrivateKeyInfo());
            }
            if (object instanceof PrivateKeyInfo info) {
                return privateKey(pem, info);
            }
        }
        throw pem.refusal("holds no private key (-----BEGIN PRIVATE KEY-----); name the PEM file that does");
    }

    private static PrivateKey privateKey(Pem pem, PrivateKeyInfo info) {
        try {
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
            if (key.getAlgorithm().equals("RSA") || key.getAlgorithm().equals("EC")) {
                return key;
            }
            throw pem.refusal("is a key of algorithm " + key.getAlgorithm() + "; use an RSA or an EC key");
        } catch (PEMException e) {
            throw pem.refusal("holds a private key that cannot be read (" + e.getMessage() + "); name another file");
        }
    }

    private static List<Object> objects(Pem pem) {
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem.text()))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                objects.add(next);
            }
            return objects;
        } catch (IOException | RuntimeException e) {
            // The library answers damage with exceptions of many kinds.
            throw pem.refusal("is damaged (" + e.getMessage() + "); write the file anew");
        }
    }
}
