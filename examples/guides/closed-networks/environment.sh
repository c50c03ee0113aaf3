export HTTPS_PROXY=http://proxy.example.com:3128
export SSL_CERT_FILE=/etc/ssl/certs/company.pem
export CHECKPOINT_DISABLE=1
