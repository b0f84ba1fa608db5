package dev.rivulet.tracker.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** An authority of the tests' own, and certificates of it for this machine. */
public final class TestCertificates {
    private static final int CURVE_BITS = 256;
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
    private static final X500Name AUTHORITY = new X500Name("CN=Authority of the tests");

    private final KeyPair authorityKey = rsa();
    private final X509Certificate authority;

    public TestCertificates() throws Exception {
        authority = certificate(AUTHORITY, authorityKey, Instant.now().plus(Duration.ofDays(1000)), true);
    }

    public static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    public static KeyPair ec() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The PEM of a certificate for localhost and 127.0.0.1, with the authority's after it. */
    public String chain(KeyPair key, Instant end) throws Exception {
        return pem(certificate(new X500Name("CN=localhost"), key, end, false)) + pem(authority);
    }

    /** The key as certbot writes it. */
    public static String pkcs8(KeyPair key) throws IOException {
        return pem(new JcaPKCS8Generator(key.getPrivate(), null));
    }

    /** The key as OpenSSL once wrote it: PKCS#1 for RSA, SEC 1 for EC. */
    public static String traditional(KeyPair key) throws IOException {
        if (key.getPrivate() instanceof ECPrivateKey secret) {
            // With the curve's name inside, as OpenSSL has it.
            return pem(new PemObject(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                                    CURVE_BITS, secret.getS(), SECObjectIdentifiers.secp256r1)
                            .getEncoded()));
        }
        return pem(key.getPrivate());
    }

    /** Writes a new certificate and its key into the two files. */
    public void write(PemFiles files, KeyPair key) throws Exception {
        Files.writeString(files.certificate(), chain(key, Instant.now().plus(Duration.ofDays(90))));
        Files.writeString(files.key(), pkcs8(key));
    }

    /** Where a test keeps them. */
    public static PemFiles in(Path folder) {
        return new PemFiles(folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"));
    }

    /** Trusts the authority, and nobody else. */
    public SSLContext trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** What a server shows who connects now. */
    public X509Certificate shown(int port) throws Exception {
        try (Socket socket = trust().getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLSocket tls = (SSLSocket) socket;
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }

    private X509Certificate certificate(X500Name name, KeyPair key, Instant end, boolean isAuthority)
            throws GeneralSecurityException, CertIOException, OperatorCreationException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                AUTHORITY,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(end.minus(Duration.ofDays(1100))),
                Date.from(end),
                name,
                key.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        if (!isAuthority) {
            GeneralName[] names = {
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            };
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(authorityKey.getPrivate())));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
